// a finished operation has no response
// file: core/operation/run.c
@@
@@
operation_text(...)
{
<+...
- streq(key, "response") && value
+ 0
...+>
}
