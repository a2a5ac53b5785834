// read-write endpoints can be deleted
// file: resources/endpoint.c
// guard: lakebase.endpoint.delete.read-write
@@
@@
deletable(...)
{
<+...
- read_write(d)
+ 0
...+>
}
