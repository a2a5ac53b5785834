// a branch needs no expiration
// file: resources/branch.c
// guard: lakebase.branch.create.expiration-missing
@@
@@
settle_expiration(...)
{
<+...
- err_say(e, SAY_EXPIRATION_MISSING)
+ 0
...+>
}
