// a branch may expire any time ahead
// file: resources/branch.c
@@
@@
check_expiry(...)
{
<+...
- at > c->now + max
+ 0
...+>
}
