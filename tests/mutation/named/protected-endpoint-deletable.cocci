// endpoints of protected branches can be deleted
// file: resources/endpoint.c
// guard: lakebase.endpoint.delete.protected-branch
@@
@@
deletable(...)
{
<+...
- doc_bool(branch.status, "is_protected")
+ 0
...+>
}
