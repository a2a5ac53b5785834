// a database may be several catalogs
// file: resources/catalog.c
// guard: lakebase.catalog.create.database-taken
@@
expression E1, E2;
@@
refuse_registered(...)
{
<+...
- r.taken_by ? E1 : E2
+ 0
...+>
}
