// read-only endpoints have no read_only_host
// file: resources/endpoint.c
// guard: lakebase.endpoint.create.read-only
@@
@@
set_hosts(...)
{
<+...
- doc_set_str(hosts, "read_only_host", host)
+ 0
...+>
}
