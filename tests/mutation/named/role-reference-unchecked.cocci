// a database may be owned by a role that is not there
// file: resources/database.c
@@
@@
check_role(...)
{
<+...
- if (found) return 0;
+ return 0;
...+>
}
