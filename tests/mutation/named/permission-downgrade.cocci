// PATCH of permissions lowers levels
// file: api/route/permissions.c
// guard: lakebase.permission.update.never-downgrades
@@
expression A, B;
@@
grant(...)
{
	<...
- streq(A, "CAN_MANAGE") && doc_set_str(B, "permission_level", A)
+ doc_set_str(B, "permission_level", A)
	...>
}
