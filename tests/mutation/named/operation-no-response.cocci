// a finished operation has no response
// file: core/operation_run.c
@@
@@
operation_text(...)
{
<+...
- streq(key, "response") && value
+ 0
...+>
}
