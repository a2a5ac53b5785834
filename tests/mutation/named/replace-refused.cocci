// replace_existing has no effect
// file: core/crud_create.c
@@
@@
check_duplicate(...)
{
<+...
- p->replace_existing && (r->flags & R_REPLACE)
+ 0
...+>
}
