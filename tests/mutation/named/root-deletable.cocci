// root branches can be deleted
// file: resources/branch.c
// guard: lakebase.branch.delete.root
@@
@@
deletable(...)
{
<+...
- !doc_str(d->status, "source_branch") && !doc_str(d->status, "source_snapshot")
+ 0
...+>
}
