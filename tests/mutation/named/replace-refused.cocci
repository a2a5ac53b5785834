// replace_existing has no effect
// file: core/crud/create.c
@@
@@
check_duplicate(...)
{
<+...
- p->replace_existing && (r->flags & R_REPLACE)
+ 0
...+>
}
