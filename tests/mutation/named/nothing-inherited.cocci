// a new branch has no roles and databases
// file: resources/branch.c
// guard: lakebase.branch.create.inherits
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
