// fields that nobody knows are refused
// file: api/call.c
// guard: lakebase.mask.path.unknown
@@
@@
read_body(...)
{
<+...
- call->app->world.strict
+ 1
...+>
}
