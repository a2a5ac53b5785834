// branches that expire may have children
// file: resources/branch.c
@@
@@
find_source(...)
{
<+...
- doc_str(source.status, "expire_time")
+ 0
...+>
}
