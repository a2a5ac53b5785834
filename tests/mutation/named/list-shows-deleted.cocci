// lists show what is soft-deleted
// file: core/crud/read.c
@@
@@
crud_list(...)
{
<+...
- p->show_deleted
+ true
...+>
}
