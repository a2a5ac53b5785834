// protected branches can be deleted
// file: resources/branch.c
// guard: lakebase.branch.delete.protected
@@
@@
deletable(...)
{
<+...
- doc_bool(d->status, "is_protected")
+ 0
...+>
}
