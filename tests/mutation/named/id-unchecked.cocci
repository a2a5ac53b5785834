// any id is accepted
// file: core/resource/name.c
@@
@@
id_check(...)
{
<+...
- r->id_rule
+ -1
...+>
}
