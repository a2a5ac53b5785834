// two databases may have one name in Postgres
// file: resources/database.c
@@
statement S;
@@
settle(...)
{
<+...
- if (taken) S
...+>
}
