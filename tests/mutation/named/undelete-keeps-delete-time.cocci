// a restored resource looks deleted
// file: core/operation/run.c
@@
@@
finish_undelete(...)
{
<+...
- doc_unset(d.doc, "delete_time");
...+>
}
