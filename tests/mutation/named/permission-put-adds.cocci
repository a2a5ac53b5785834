// PUT of permissions adds to the list
// file: api/route/permissions.c
// guard: lakebase.permission.set.replaces
@@
@@
change(...)
{
<+...
- json_array_clear(entries);
...+>
}
