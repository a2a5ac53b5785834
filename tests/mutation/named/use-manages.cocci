// CAN_USE is enough for everything
// file: core/resource/permission.c
// guard: lakebase.permission.use.cannot-manage
@@
@@
permission_need(...)
{
<+...
- level >= need
+ 1
...+>
}
