// refused deletes carry no MANAGED_BY_PARENT
// file: resources/branch.c
// guard: lakebase.branch.delete.root
@@
@@
deletable(...)
{
<+...
- e->detail = DETAIL_MANAGED_BY_PARENT;
+ e->detail = DETAIL_NONE;
...+>
}
