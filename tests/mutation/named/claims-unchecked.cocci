// any permission set can be put into a credential
// file: api/auth/credentials.c
// guard: lakebase.credential.generate.unknown-claims
@@
@@
check_claims(...)
{
<+...
- !streq(set, permission_sets[0])
+ 0
...+>
}
