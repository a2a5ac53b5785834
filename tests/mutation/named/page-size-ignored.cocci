// page_size has no effect
// file: core/crud/read.c
@@
@@
read_page_size(...)
{
<+...
- n == 0
+ 1
...+>
}
