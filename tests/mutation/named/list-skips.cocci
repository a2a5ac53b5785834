// the next page leaves out an item
// file: core/crud/read.c
// guard: lakebase.list.page-token.made-up
@@
@@
add_item(...)
{
<+...
- l->more = true;
+ l->more = true;
+ l->last = o->seq;
...+>
}
