// allow_missing has no effect
// file: core/crud/change.c
@@
@@
crud_delete(...)
{
<+...
- p->allow_missing
+ 0
...+>
}
