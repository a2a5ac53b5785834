// a branch may have two read-write endpoints
// file: resources/endpoint.c
// guard: lakebase.endpoint.create.second-read-write
@@
@@
check_census(...)
{
<+...
- read_write(d) && n.read_write
+ 0
...+>
}
