// lists show what is soft-deleted
// file: core/crud_read.c
@@
@@
crud_list(...)
{
<+...
- p->show_deleted
+ true
...+>
}
