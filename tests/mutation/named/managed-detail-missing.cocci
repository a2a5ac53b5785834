// refused deletes carry no MANAGED_BY_PARENT
// file: core/wording/wording.c
// guard: lakebase.branch.delete.root
@@
expression C;
@@
err_say(...)
{
<+...
- C ? DETAIL_MANAGED_BY_PARENT : DETAIL_NONE
+ DETAIL_NONE
...+>
}
