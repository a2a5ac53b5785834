// a branch may live a second longer than the cap
// file: resources/branch.c
@@
@@
check_expiry(...)
{
<+...
- at > c->now + max
+ at > c->now + max + USEC_SECOND
...+>
}
