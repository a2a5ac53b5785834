// fields that nobody knows are refused
// file: api/call.c
@@
@@
read_body(...)
{
<+...
- call->app->world.strict
+ 1
...+>
}
