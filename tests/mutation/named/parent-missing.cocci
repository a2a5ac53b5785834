// children do not name their parent
// file: core/resource/draft.c
@@
@@
stamp(...)
{
<+...
- field_find(m, "parent")
+ 0
...+>
}
