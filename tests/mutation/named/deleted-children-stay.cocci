// what is below a deleted resource stays
// file: core/operation/run.c
// guard: lakebase.branch.undelete.after-its-successor
@@
@@
resource_delete_softly(...)
{
<+...
- resource_each_below(c, d->name, hide_or_drop, &k, e)
+ 0
...+>
}
