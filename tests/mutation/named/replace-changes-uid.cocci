// replace_existing gives a new uid
// file: core/crud/create.c
// guard: lakebase.branch.create.replace-existing
@@
@@
replace(...)
{
<+...
- draft_touch(c, &d, e)
+ doc_set_str(d.doc, "uid", ctx_slug(c, "br", old->seq + 1)) + draft_touch(c, &d, e)
...+>
}
