// credentials are made for endpoints that are not there
// file: api/auth/credentials.c
// guard: lakebase.credential.generate.endpoint-missing
@@
expression E;
@@
find_endpoint(...)
{
<+...
- found ? 0 : E
+ 0
...+>
}
