// running operations lock nothing
// file: core/operation/operation.c
// guard: lakebase.conflict.maintenance.refused
@@
@@
operation_check_lock(...)
{
<+...
- found <= 0
+ 1
...+>
}
