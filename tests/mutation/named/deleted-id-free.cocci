// the id of a deleted project is free
// file: core/operation/run.c
@@
@@
resource_delete_softly(...)
{
<+...
- d->res->flags & R_RESERVES_NAME
+ false
...+>
}
