// all refusals have one trace id
// file: core/context/ctx.c
// guard: lakebase.error.trace.differs
@@
@@
ctx_trace(...)
{
<+...
- ++c->world->refusals
+ 0
...+>
}
