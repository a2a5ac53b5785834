// PATCH of permissions replaces the list
// file: api/permissions.c
@@
@@
update_permissions(...)
{
<+...
- change(call, false, e)
+ change(call, true, e)
...+>
}
