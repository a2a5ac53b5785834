// the host is made of the id
// file: resources/endpoint.c
@@
@@
set_hosts(...)
{
<+...
- doc_str(d->doc, "uid")
+ d->id
...+>
}
