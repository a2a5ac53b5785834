// deleted resources do not say since when
// file: core/operation/run.c
// guard: lakebase.branch.delete.show-deleted
@@
@@
resource_delete_softly(...)
{
<+...
- doc_set_time(at, "delete_time", c->now)
+ 0
...+>
}
