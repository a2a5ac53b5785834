// resources have no uid
// file: core/resource/draft.c
// guard: lakebase.branch.undelete.after-its-successor
@@
@@
stamp(...)
{
<+...
- field_find(m, "uid")
+ 0
...+>
}
