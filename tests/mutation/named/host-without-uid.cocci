// the host is made of the id
// file: resources/endpoint.c
// guard: lakebase.branch.create.own-endpoint
@@
@@
set_hosts(...)
{
<+...
- doc_str(d->doc, "uid")
+ d->id
...+>
}
