// a role that owns something can be deleted
// file: resources/role.c
// guard: lakebase.role.delete.reassign-to-itself
@@
@@
move_database(...)
{
<+...
- err_say(e, SAY_ROLE_OWNS, m->from)
+ 0
...+>
}
