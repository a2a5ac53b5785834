// allow_missing has no effect
// file: core/crud/change.c
// guard: lakebase.branch.delete.allow-missing
@@
@@
crud_delete(...)
{
<+...
- p->allow_missing
+ 0
...+>
}
