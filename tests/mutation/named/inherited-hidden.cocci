// inherited permissions are not shown
// file: api/permissions.c
@@
@@
show(...)
{
<+...
- json_array_append_new(list, shown("group_name", "users", ...));
...+>
}
