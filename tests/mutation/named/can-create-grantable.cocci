// CAN_CREATE can be granted
// file: api/route/permissions.c
// guard: lakebase.permission.update.can-create
@@
@@
grant(...)
{
<+...
- streq(level, "CAN_CREATE")
+ 0
...+>
}
