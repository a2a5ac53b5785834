// two databases may have one name in Postgres
// file: resources/database.c
// guard: lakebase.database.create.duplicate-postgres-name
@@
statement S;
@@
settle(...)
{
<+...
- if (taken) S
...+>
}
