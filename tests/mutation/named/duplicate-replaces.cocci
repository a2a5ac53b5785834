// creating what exists replaces it
// file: core/crud/create.c
// guard: lakebase.branch.create.duplicate
@@
@@
check_duplicate(...)
{
<+...
- r->duplicate ? r->duplicate(c, d, old, e) : err_say(e, r->exists, d->id)
+ 1
...+>
}
