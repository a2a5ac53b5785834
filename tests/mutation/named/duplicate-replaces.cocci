// creating what exists replaces it
// file: core/crud/create.c
// guard: lakebase.branch.create.duplicate
@@
statement S;
@@
check_duplicate(...)
{
<+...
- if (r->duplicate) S
+ return 1;
...+>
}
