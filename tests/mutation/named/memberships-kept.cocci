// an update with spec keeps memberships
// file: resources/role.c
@@
@@
clear_memberships(...)
{
<+...
- whole && !json_object_get(spec, "membership_roles")
+ 0
...+>
}
