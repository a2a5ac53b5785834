// an empty list is there
// file: core/crud/read.c
// guard: lakebase.cdf-config.create.life
@@
@@
crud_list(...)
{
<+...
- l.num == 0
+ 0
...+>
}
