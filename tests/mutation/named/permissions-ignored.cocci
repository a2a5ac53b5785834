// everybody may do everything
// file: core/permission.c
@@
@@
permission_level(...)
{
<+...
- !c->caller || c->caller->admin
+ 1
...+>
}
