// operations are not found below their project
// file: core/operation/operation.c
// guard: lakebase.operation.get.project-alias
@@
@@
operation_new(...)
{
<+...
- project[0] && !streq(project, target)
+ 0
...+>
}
