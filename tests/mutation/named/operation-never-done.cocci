// operations are never done
// file: core/operation.c
@@
@@
due_at(...)
{
<+...
- return c->now;
+ return USEC_NEVER;
...+>
}
