// operations are not found below their project
// file: core/operation/operation.c
@@
@@
operation_new(...)
{
<+...
- project[0] && !streq(project, target)
+ 0
...+>
}
