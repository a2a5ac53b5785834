// a failed create leaves its resource
// file: core/operation/run.c
// guard: lakebase.operation.plan.fail
@@
@@
fail(...)
{
<+...
- resource_purge(c, &d, e)
+ 0
...+>
}
