// a finished operation keeps its lock
// file: core/operation/run.c
@@
@@
operation_finish_now(...)
{
<+...
- o->scope = NULL;
...+>
}
