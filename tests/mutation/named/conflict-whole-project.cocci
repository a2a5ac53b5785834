// an operation on a branch locks the project
// file: core/operation.c
@@
@@
lock_scope(...)
{
<+...
- ++slashes == 4
+ ++slashes == 2
...+>
}
