// any id is accepted
// file: core/name.c
@@
@@
id_check(...)
{
<+...
- r->id_rule
+ -1
...+>
}
