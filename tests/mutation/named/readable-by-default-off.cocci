// the secondaries of a read-only endpoint are not readable
// file: resources/endpoint.c
// guard: lakebase.endpoint.create.read-only
@@
@@
fill(...)
{
<+...
- doc_set_bool(group, "enable_readable_secondaries", !read_write(d))
+ doc_set_bool(group, "enable_readable_secondaries", false)
...+>
}
