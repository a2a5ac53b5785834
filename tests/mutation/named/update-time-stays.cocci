// an update does not change update_time
// file: core/crud/change.c
// guard: lakebase.project.update.update-time
@@
@@
crud_update(...)
{
<+...
- draft_touch(c, &d, e)
+ 0
...+>
}
