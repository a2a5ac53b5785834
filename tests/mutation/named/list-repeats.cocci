// the next page begins with the last item again
// file: core/crud/read.c
// guard: lakebase.list.page-token.made-up
@@
@@
add_item(...)
{
<+...
- l->last = o->seq;
+ l->last = o->seq - 1;
...+>
}
