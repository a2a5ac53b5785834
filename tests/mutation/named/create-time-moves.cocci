// an update changes create_time
// file: core/resource/draft.c
@@
@@
draft_touch(...)
{
<+...
- doc_set_time(d->doc, "update_time", c->now)
+ doc_set_time(d->doc, "update_time", c->now) + doc_set_time(d->doc, "create_time", c->now)
...+>
}
