// a restored resource looks deleted
// file: core/operation/run.c
// guard: lakebase.project.undelete.restores
@@
@@
finish_undelete(...)
{
<+...
- doc_unset(d.doc, "delete_time");
...+>
}
