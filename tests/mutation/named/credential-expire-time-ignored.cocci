// the expire_time asked for has no effect
// file: api/credentials.c
@@
@@
read_expiry(...)
{
<+...
- *ret = at;
...+>
}
