// branches that expire may have children
// file: resources/branch.c
// guard: lakebase.branch.create.from-expiring
@@
@@
find_source(...)
{
<+...
- doc_str(source.status, "expire_time")
+ 0
...+>
}
