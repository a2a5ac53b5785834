// the next page leaves out an item
// file: core/crud/read.c
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
