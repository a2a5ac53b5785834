// operations are done in their first answer
// file: core/operation/operation.c
@@
@@
choose_plan(...)
{
<+...
- verb == VERB_DELETE && (r->flags & R_SYNC_DELETE) && p->kind == PLAN_FIRST_POLL
+ p->kind == PLAN_FIRST_POLL
...+>
}
