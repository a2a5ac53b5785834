// refused deletes carry no MANAGED_BY_PARENT
// file: resources/branch.c
@@
@@
deletable(...)
{
<+...
- e->detail = DETAIL_MANAGED_BY_PARENT;
+ e->detail = DETAIL_NONE;
...+>
}
