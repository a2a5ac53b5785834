// children can be made below what is not there
// file: core/crud/create.c
// guard: lakebase.branch.get.project-missing
@@
@@
crud_need_parent(...)
{
<+...
- !r->parent
+ 1
...+>
}
