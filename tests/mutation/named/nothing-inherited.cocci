// a new branch has no roles and databases
// file: resources/branch.c
@@
statement S;
@@
created(...)
{
<+...
- if (snapshot) S
+ return 0;
...+>
}
