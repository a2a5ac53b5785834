// CAN_CREATE can be granted
// file: api/permissions.c
@@
@@
grant(...)
{
<+...
- streq(level, "CAN_CREATE")
+ 0
...+>
}
