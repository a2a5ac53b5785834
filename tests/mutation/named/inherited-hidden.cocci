// inherited permissions are not shown
// file: api/route/permissions.c
// guard: lakebase.permission.get.defaults
@@
@@
show(...)
{
<+...
- add(list, "group_name", "users", "CAN_CREATE", "/database-projects/")
+ 0
...+>
}
