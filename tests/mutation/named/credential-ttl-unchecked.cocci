// a credential may live for any time
// file: api/auth/credentials.c
// guard: lakebase.credential.generate.ttl-bounds
@@
@@
read_expiry(...)
{
<+...
- ttl >= 300 * USEC_SECOND - grace && ttl <= 3600 * USEC_SECOND + grace
+ 1
...+>
}
