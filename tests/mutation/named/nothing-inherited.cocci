// a new branch has no roles and databases
// file: resources/branch.c
@@
expression list args;
@@
created(...)
{
<+...
- return branch_inherit(args);
+ return 0;
...+>
}
