// a request without a credential is served
// file: api/auth/auth.c
// guard: lakebase.auth.bearer.missing
@@
@@
auth_identify(...)
{
<+...
- a->auth == AUTH_OPEN && !req->authorization
+ 1
...+>
}
