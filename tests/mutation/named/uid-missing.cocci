// resources have no uid
// file: core/resource/draft.c
@@
@@
stamp(...)
{
<+...
- field_find(m, "uid")
+ 0
...+>
}
