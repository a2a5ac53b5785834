// endpoints do not go idle
// file: resources/endpoint.c
// guard: lakebase.endpoint.update.wakes
@@
@@
arm_suspension(...)
{
<+...
- !streq(doc_str(d->status, "current_state"), "ACTIVE")
+ 1
...+>
}
