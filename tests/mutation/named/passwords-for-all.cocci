// roles log in with passwords whatever they stand for
// file: resources/role.c
// guard: lakebase.project.create.implicit-children
@@
@@
fill_new(...)
{
<+...
- identity ? OAUTH : PASSWORD
+ PASSWORD
...+>
}
