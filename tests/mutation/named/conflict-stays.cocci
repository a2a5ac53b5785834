// a finished operation keeps its lock
// file: core/operation/run.c
// guard: lakebase.branch.update.before-ready
@@
@@
operation_finish_now(...)
{
<+...
- o->scope = NULL;
...+>
}
