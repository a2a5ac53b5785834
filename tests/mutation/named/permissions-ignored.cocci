// everybody may do everything
// file: core/resource/permission.c
@@
@@
permission_level(...)
{
<+...
- !c->caller || c->caller->admin
+ 1
...+>
}
