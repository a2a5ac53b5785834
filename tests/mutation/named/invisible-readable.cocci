// GET shows projects that the caller may not see
// file: core/crud/read.c
// guard: lakebase.operation.get.of-catalog
@@
@@
crud_get(...)
{
<+...
- crud_hidden(c, r, p->name, e)
+ 0
...+>
}
