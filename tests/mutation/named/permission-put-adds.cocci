// PUT of permissions adds to the list
// file: api/permissions.c
@@
@@
change(...)
{
<+...
- json_array_clear(entries);
...+>
}
