// an empty list is there
// file: core/crud/read.c
@@
@@
crud_list(...)
{
<+...
- l.num == 0
+ 0
...+>
}
