// purge deletes softly
// file: core/crud/change.c
// guard: lakebase.branch.undelete.after-its-successor
@@
@@
crud_delete(...)
{
<+...
- operation_start(c, &d, VERB_DELETE, p->purge, p->rpc, out, e)
+ operation_start(c, &d, VERB_DELETE, false, p->rpc, out, e)
...+>
}
