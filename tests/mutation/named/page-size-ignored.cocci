// page_size has no effect
// file: core/crud/read.c
// guard: lakebase.cdf-status.list.streams
@@
@@
read_page_size(...)
{
<+...
- n == 0
+ 1
...+>
}
