// OAuth tokens are the admin's
// file: api/auth.c
@@
@@
read_issued(...)
{
<+...
- ret->caller.kind == CALLER_USER && streq(name, ADMIN)
+ 1
...+>
}
