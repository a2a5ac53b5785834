// a branch may expire any time ahead
// file: resources/branch.c
// guard: lakebase.branch.create.expiration-too-far
@@
@@
check_expiry(...)
{
<+...
- at > c->now + max
+ 0
...+>
}
