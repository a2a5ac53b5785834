// what a create asks for is ignored
// file: core/crud/create.c
// guard: lakebase.branch.update.expiration-with-children
@@
@@
create_new(...)
{
<+...
- apply_body(d, d->body, e)
+ 0
...+>
}
