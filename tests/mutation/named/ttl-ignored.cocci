// a branch with a ttl does not expire
// file: resources/branch.c
// guard: lakebase.branch.update.expiration-with-children
@@
expression E;
@@
settle_expiration(...)
{
<+...
- doc_set_time(d->status, "expire_time", E)
+ 0
...+>
}
