// an OAuth token never expires
// file: api/auth/auth.c
// guard: lakebase.auth.oauth.expires
@@
@@
auth_identify(...)
{
<+...
- issued < 0
+ 0
...+>
}
