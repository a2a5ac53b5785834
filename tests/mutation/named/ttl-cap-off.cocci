// a branch may live a second longer than the cap
// file: resources/branch.c
// guard: lakebase.branch.create.cap-is-settable
@@
@@
check_expiry(...)
{
<+...
- at > c->now + max
+ at > c->now + max + USEC_SECOND
...+>
}
