// no_expiry may be false
// file: resources/branch.c
// guard: lakebase.branch.create.no-expiry-false
@@
@@
settle_expiration(...)
{
<+...
- json_is_false(doc_at(d->aux, "no_expiry"))
+ 0
...+>
}
