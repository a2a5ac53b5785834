// strict mode accepts any bearer
// file: api/auth.c
@@
@@
auth_identify(...)
{
<+...
- !ret->known && a->auth == AUTH_STRICT
+ 0
...+>
}
