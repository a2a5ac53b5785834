// branches with children can be deleted
// file: resources/branch.c
// guard: lakebase.branch.update.expiration-with-children
@@
@@
refuse_child(...)
{
<+...
- !streq(doc_str(d->status, "source_branch"), k->name)
+ 1
...+>
}
