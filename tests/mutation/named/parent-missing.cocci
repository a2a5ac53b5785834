// children do not name their parent
// file: core/resource/draft.c
// guard: lakebase.branch.create.no-expiry
@@
@@
stamp(...)
{
<+...
- field_find(m, "parent")
+ 0
...+>
}
