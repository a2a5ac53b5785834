// any number of branches can be protected
// file: resources/branch.c
@@
@@
settle_protection(...)
{
<+...
- k.n < max
+ 1
...+>
}
