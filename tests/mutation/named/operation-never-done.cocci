// operations are never done
// file: core/operation/operation.c
// guard: lakebase.branch.update.before-ready
@@
@@
due_at(...)
{
<+...
- return c->now;
+ return USEC_NEVER;
...+>
}
