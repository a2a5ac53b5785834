// a finished operation keeps its lock
// file: core/operation/run.c
// guard: lakebase.branch.update.before-ready
@@
@@
finish(...)
{
<+...
- o->scope = NULL;
...+>
}
