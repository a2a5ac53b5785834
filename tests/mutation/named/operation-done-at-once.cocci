// operations are done in their first answer
// file: core/operation/operation.c
// guard: lakebase.cdf-config.create.life
@@
@@
choose_plan(...)
{
<+...
- verb == VERB_DELETE && (r->flags & R_SYNC_DELETE) && p->kind == PLAN_FIRST_POLL
+ p->kind == PLAN_FIRST_POLL
...+>
}
