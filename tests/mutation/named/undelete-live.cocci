// what is not deleted can be restored
// file: core/crud/change.c
@@
@@
load_deleted(...)
{
<+...
- found && o.deleted == OBJECT_LIVE
+ 0
...+>
}
