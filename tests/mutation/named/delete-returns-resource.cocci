// the response of a delete is not Empty
// file: core/operation/run.c
@@
@@
finish_delete(...)
{
<+...
- return done_empty(k);
+ return done_with(k, "response", "{\"name\":\"gone\"}", e);
...+>
}
