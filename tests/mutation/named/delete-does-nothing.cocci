// deletes answer and delete nothing
// file: core/operation/run.c
// guard: lakebase.branch.undelete.after-its-successor
@@
@@
finish_delete(...)
{
<+...
- (k->res->flags & R_SOFT_DELETE) && !k->purge ? resource_delete_softly(c, &d, e) : resource_purge(c, &d, e)
+ 0
...+>
}
