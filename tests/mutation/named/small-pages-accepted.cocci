// the list of endpoints takes small pages
// file: core/crud/read.c
// guard: lakebase.endpoint.list.small-page
@@
@@
read_page_size(...)
{
<+...
- streq(r->kind, "endpoint")
+ 0
...+>
}
