// deleted resources are kept twice as long
// file: core/operation/run.c
// guard: lakebase.branch.delete.deleted-state
@@
@@
resource_delete_softly(...)
{
<+...
- doc_set_time(at, "purge_time", c->now + keep)
+ doc_set_time(at, "purge_time", c->now + 2 * keep)
...+>
}
