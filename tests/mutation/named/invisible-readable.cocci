// GET shows projects that the caller may not see
// file: core/crud/read.c
@@
@@
crud_get(...)
{
<+...
- crud_hidden(c, r, p->name, e)
+ 0
...+>
}
