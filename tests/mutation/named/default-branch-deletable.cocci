// the default branch can be deleted
// file: resources/branch.c
@@
@@
deletable(...)
{
<+...
- doc_bool(d->status, "default")
+ 0
...+>
}
