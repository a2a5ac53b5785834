// replace_existing has no effect
// file: core/crud/create.c
// guard: lakebase.branch.create.replace-existing
@@
@@
check_duplicate(...)
{
<+...
- p->replace_existing && (r->flags & R_REPLACE)
+ 0
...+>
}
