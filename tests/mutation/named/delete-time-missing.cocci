// deleted resources do not say since when
// file: core/operation/run.c
@@
@@
resource_delete_softly(...)
{
<+...
- doc_set_time(at, "delete_time", c->now)
+ 0
...+>
}
