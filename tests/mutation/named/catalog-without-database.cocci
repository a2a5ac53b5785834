// a catalog may be of a database that is not there
// file: resources/catalog.c
// guard: lakebase.catalog.create.branch-absent
@@
@@
database_need(...)
{
<+...
- !make
+ 0
...+>
}
