// operations are never done
// file: core/operation/operation.c
@@
@@
due_at(...)
{
<+...
- return c->now;
+ return USEC_NEVER;
...+>
}
