// an operation on a branch locks the project
// file: core/operation/operation.c
// guard: lakebase.conflict.branch.scope
@@
@@
operation_scope_len(...)
{
<+...
- ++slashes == 4
+ ++slashes == 2
...+>
}
