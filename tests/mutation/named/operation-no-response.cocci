// a finished operation has no response
// file: core/operation/run.c
// guard: lakebase.auth.body.unread
@@
@@
operation_text(...)
{
<+...
- streq(key, "response") && value
+ 0
...+>
}
