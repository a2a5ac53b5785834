// a credential lives for a quarter of an hour
// file: api/auth/credentials.c
// guard: lakebase.credential.generate.default
@@
@@
read_expiry(...)
{
<+...
- *ret = c->now + ttl;
+ *ret = c->now + ttl / 4;
...+>
}
