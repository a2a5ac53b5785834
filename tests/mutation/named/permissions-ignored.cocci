// everybody may do everything
// file: core/resource/permission.c
// guard: lakebase.catalog.create.stranger
@@
@@
permission_level(...)
{
<+...
- !c->caller || c->caller->admin
+ 1
...+>
}
