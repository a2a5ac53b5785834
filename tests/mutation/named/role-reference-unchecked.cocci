// a database may be owned by a role that is not there
// file: resources/database.c
// guard: lakebase.database.create.role-missing
@@
@@
check_role(...)
{
<+...
- if (found) return 0;
+ return 0;
...+>
}
