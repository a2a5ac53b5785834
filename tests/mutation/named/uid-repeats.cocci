// new resources have the uid of old ones
// file: core/resource/draft.c
@@
@@
stamp(...)
{
<+...
- ctx_slug(c, r->uid_prefix, d->seq)
+ ctx_slug(c, r->uid_prefix, 1)
...+>
}
