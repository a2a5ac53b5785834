// lists below what is not there are empty
// file: core/crud/read.c
// guard: lakebase.branch.list.project-missing
@@
@@
crud_list(...)
{
<+...
- crud_need_parent(c, r, p->name, e)
+ 0
...+>
}
