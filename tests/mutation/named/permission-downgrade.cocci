// PATCH of permissions lowers levels
// file: api/route/permissions.c
// guard: lakebase.permission.update.never-downgrades
@@
expression A, B;
@@
grant(...)
{
	<...
- if (level_parse(A) <= level_parse(B))
-	return 0;
	...>
}
