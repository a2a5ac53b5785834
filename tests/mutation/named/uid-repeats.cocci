// new resources have the uid of old ones
// file: core/resource/draft.c
// guard: lakebase.branch.delete.frees-id
@@
@@
stamp(...)
{
<+...
- ctx_slug(c, r->uid_prefix, d->seq)
+ ctx_slug(c, r->uid_prefix, 1)
...+>
}
