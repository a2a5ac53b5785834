// any permission set can be put into a credential
// file: api/credentials.c
@@
@@
check_claims(...)
{
<+...
- !streq(set, permission_sets[0])
+ 0
...+>
}
