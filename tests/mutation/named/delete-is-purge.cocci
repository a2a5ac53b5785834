// a plain delete purges
// file: core/operation/run.c
// guard: lakebase.branch.undelete.after-its-successor
@@
@@
finish_delete(...)
{
<+...
- (k->res->flags & R_SOFT_DELETE) && !k->purge
+ 0
...+>
}
