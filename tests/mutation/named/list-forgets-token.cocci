// lists end after their first page
// file: core/crud/read.c
// guard: lakebase.list.page-token.made-up
@@
@@
crud_list(...)
{
<+...
- l.more
+ 0
...+>
}
