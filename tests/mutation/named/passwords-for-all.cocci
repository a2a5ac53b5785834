// roles log in with passwords whatever they stand for
// file: resources/role.c
@@
@@
fill_new(...)
{
<+...
- identity ? OAUTH : PASSWORD
+ PASSWORD
...+>
}
