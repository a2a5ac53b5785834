// allow_missing has no effect
// file: core/crud_change.c
@@
@@
crud_delete(...)
{
<+...
- p->allow_missing
+ 0
...+>
}
