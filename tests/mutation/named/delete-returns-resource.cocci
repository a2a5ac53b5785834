// the response of a delete is not Empty
// file: core/operation/run.c
// guard: lakebase.branch.delete.soft
@@
@@
finish_delete(...)
{
<+...
- return done_empty(k);
+ return done_with(k, "response", "{\"name\":\"gone\"}", e);
...+>
}
