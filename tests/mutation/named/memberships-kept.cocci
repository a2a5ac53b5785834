// an update with spec keeps memberships
// file: resources/role.c
// guard: lakebase.role.create.replace-existing
@@
@@
clear_memberships(...)
{
<+...
- whole && !json_object_get(spec, "membership_roles")
+ 0
...+>
}
