// lists end after their first page
// file: core/crud/read.c
@@
@@
crud_list(...)
{
<+...
- l.more
+ 0
...+>
}
