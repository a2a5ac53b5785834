// PATCH of permissions lowers levels
// file: api/route/permissions.c
// guard: lakebase.permission.update.never-downgrades
@@
@@
grant(...)
{
<+...
- level_parse(level) <= level_parse(doc_str(old, "permission_level"))
+ 0
...+>
}
