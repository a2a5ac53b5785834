// required fields may be left out
// file: core/crud/create.c
// guard: lakebase.catalog.create.no-database
@@
@@
crud_create(...)
{
<+...
- !p->replace_existing && need_fields(r, p->body, e)
+ 0
...+>
}
