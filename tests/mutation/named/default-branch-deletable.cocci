// the default branch can be deleted
// file: resources/branch.c
// guard: lakebase.branch.delete.default
@@
@@
deletable(...)
{
<+...
- doc_bool(d->status, "default")
+ 0
...+>
}
