// CAN_USE is enough for everything
// file: core/permission.c
@@
@@
permission_need(...)
{
<+...
- level >= need
+ 1
...+>
}
