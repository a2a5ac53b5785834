// no_expiry may be false
// file: resources/branch.c
@@
@@
settle_expiration(...)
{
<+...
- json_is_false(doc_at(d->aux, "no_expiry"))
+ 0
...+>
}
