// any number of branches can be protected
// file: resources/branch.c
// guard: lakebase.branch.create.one-protected
@@
@@
settle_protection(...)
{
<+...
- k.n < max
+ 1
...+>
}
