// resources have no uid
// file: core/draft.c
@@
@@
stamp(...)
{
<+...
- field_find(m, "uid")
+ 0
...+>
}
