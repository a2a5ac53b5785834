// a database may be several catalogs
// file: resources/catalog.c
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
