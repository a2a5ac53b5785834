// children can be made below what is not there
// file: core/crud/create.c
@@
@@
crud_need_parent(...)
{
<+...
- !r->parent
+ 1
...+>
}
