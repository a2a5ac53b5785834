// everybody may do everything
// file: core/resource/permission.c
// guard: lakebase.catalog.create.stranger
@@
@@
caller_is_admin(...)
{
<+...
- !c->caller || c->caller->admin
+ 1
...+>
}
