// roles without a login can be made
// file: resources/role.c
// guard: lakebase.project.create.initial-specs
@@
@@
refuse_taken(...)
{
<+...
- streq(doc_str(d->status, "auth_method"), "NO_LOGIN")
+ 0
...+>
}
