// required fields may be left out
// file: core/crud/create.c
@@
@@
crud_create(...)
{
<+...
- !p->replace_existing && need_fields(r, p->body, e)
+ 0
...+>
}
