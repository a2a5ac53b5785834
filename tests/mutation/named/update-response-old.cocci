// the response of an update is how it was
// file: core/operation/run.c
// guard: lakebase.branch.update.ttl-from-creation
@@
typedef json_t;
@@
finish_update(...)
{
<+...
- d.text
+ doc_text((json_t *)d.before, c->arena)
...+>
}
