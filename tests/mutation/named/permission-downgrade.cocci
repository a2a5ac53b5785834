// PATCH of permissions lowers levels
// file: api/permissions.c
@@
@@
grant(...)
{
<+...
- level_parse(level) <= level_parse(doc_str(old, "permission_level"))
+ 0
...+>
}
