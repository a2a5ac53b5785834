// what is not deleted can be restored
// file: core/crud/change.c
// guard: lakebase.branch.undelete.live
@@
@@
load_deleted(...)
{
<+...
- found == 1 && o.deleted == OBJECT_LIVE
+ 0
...+>
}
