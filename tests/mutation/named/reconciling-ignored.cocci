// endpoints can be changed while they are reconciled
// file: resources/endpoint.c
@@
@@
settle(...)
{
<+...
- !d->creating && doc_str(d->status, "pending_state")
+ 0
...+>
}
