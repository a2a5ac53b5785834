// all refusals have one trace id
// file: core/context/ctx.c
@@
@@
ctx_trace(...)
{
<+...
- ++c->world->refusals
+ 0
...+>
}
