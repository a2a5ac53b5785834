// a catalog may be of a database that is not there
// file: resources/catalog.c
@@
@@
database_need(...)
{
<+...
- !make
+ 0
...+>
}
