// strict mode accepts any bearer
// file: api/auth/auth.c
// guard: lakebase.auth.bearer.invalid
@@
@@
auth_identify(...)
{
<+...
- !ret->known && a->auth == AUTH_STRICT
+ 0
...+>
}
