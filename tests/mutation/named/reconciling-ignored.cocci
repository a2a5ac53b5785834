// endpoints can be changed while they are reconciled
// file: resources/endpoint.c
// guard: lakebase.endpoint.delete.reconciling
@@
@@
settle(...)
{
<+...
- !d->creating && doc_str(d->status, "pending_state")
+ 0
...+>
}
