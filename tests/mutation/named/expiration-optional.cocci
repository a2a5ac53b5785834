// a branch needs no expiration
// file: resources/branch.c
@@
@@
settle_expiration(...)
{
<+...
- err_say(e, SAY_EXPIRATION_MISSING)
+ 0
...+>
}
