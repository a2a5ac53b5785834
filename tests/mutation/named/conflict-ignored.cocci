// running operations lock nothing
// file: core/operation/operation.c
@@
@@
operation_check_lock(...)
{
<+...
- found <= 0
+ 1
...+>
}
