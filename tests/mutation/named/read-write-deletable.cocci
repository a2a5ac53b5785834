// read-write endpoints can be deleted
// file: resources/endpoint.c
@@
@@
deletable(...)
{
<+...
- read_write(d)
+ 0
...+>
}
