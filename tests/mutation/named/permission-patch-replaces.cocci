// PATCH of permissions replaces the list
// file: api/route/permissions.c
// guard: lakebase.permission.update.adds
@@
@@
update_permissions(...)
{
<+...
- change(call, false, e)
+ change(call, true, e)
...+>
}
