// what a create asks for is ignored
// file: core/crud/create.c
@@
@@
create_new(...)
{
<+...
- apply_body(d, d->body, e)
+ 0
...+>
}
