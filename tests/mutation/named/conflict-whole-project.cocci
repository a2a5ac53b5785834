// an operation on a branch locks the project
// file: core/operation/operation.c
@@
@@
operation_scope_len(...)
{
<+...
- ++slashes == 4
+ ++slashes == 2
...+>
}
