// OAuth tokens are the admin's
// file: api/auth/auth.c
// guard: lakebase.auth.oauth.client-credentials
@@
@@
read_issued(...)
{
<+...
- ret->caller.kind == CALLER_USER && streq(name, ADMIN)
+ 1
...+>
}
