// lists show what is soft-deleted
// file: core/crud/read.c
// guard: lakebase.branch.delete.not-listed
@@
@@
crud_list(...)
{
<+...
- p->show_deleted
+ true
...+>
}
