// lists end after their first page
// file: core/crud_read.c
@@
@@
crud_list(...)
{
<+...
- l.more
+ 0
...+>
}
