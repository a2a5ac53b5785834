// page_size has no effect
// file: core/crud_read.c
@@
@@
read_page_size(...)
{
<+...
- n == 0
+ 1
...+>
}
