// protected branches can be deleted
// file: resources/branch.c
@@
@@
deletable(...)
{
<+...
- doc_bool(d->status, "is_protected")
+ 0
...+>
}
