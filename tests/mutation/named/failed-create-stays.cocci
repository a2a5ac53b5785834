// a failed create leaves its resource
// file: core/operation/run.c
@@
@@
fail(...)
{
<+...
- resource_purge(c, &d, e)
+ 0
...+>
}
