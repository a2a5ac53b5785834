// CAN_USE is enough for everything
// file: core/resource/permission.c
@@
@@
permission_need(...)
{
<+...
- level >= need
+ 1
...+>
}
