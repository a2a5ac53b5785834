// any id is accepted
// file: core/resource/name.c
// guard: lakebase.branch.create.bad-id
@@
@@
id_check(...)
{
<+...
- r->id_rule
+ -1
...+>
}
