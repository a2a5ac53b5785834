// a plain delete purges
// file: core/operation/run.c
@@
@@
finish_delete(...)
{
<+...
- (k->res->flags & R_SOFT_DELETE) && !k->purge
+ 0
...+>
}
