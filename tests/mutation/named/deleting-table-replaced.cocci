// a synced table can be made while the old one is going away
// file: resources/synced_table.c
// guard: lakebase.synced-table.create.while-deleting
@@
@@
duplicate(...)
{
<+...
- lingers(old)
+ 0
...+>
}
