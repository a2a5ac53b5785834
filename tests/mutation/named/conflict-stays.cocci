// a finished operation keeps its lock
// file: core/operation_run.c
@@
@@
operation_finish_now(...)
{
<+...
- o->scope = NULL;
...+>
}
