// the expire_time asked for has no effect
// file: api/auth/credentials.c
// guard: lakebase.credential.generate.expire-time
@@
@@
read_expiry(...)
{
<+...
- *ret = at;
...+>
}
