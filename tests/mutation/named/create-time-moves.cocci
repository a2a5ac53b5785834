// an update changes create_time
// file: core/resource/draft.c
// guard: lakebase.branch.update.ttl-from-creation
@@
@@
draft_touch(...)
{
<+...
- doc_set_time(d->doc, "update_time", c->now)
+ doc_set_time(d->doc, "update_time", c->now) + doc_set_time(d->doc, "create_time", c->now)
...+>
}
