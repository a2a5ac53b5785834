// endpoints of protected branches can be deleted
// file: resources/endpoint.c
@@
@@
deletable(...)
{
<+...
- doc_bool(branch.status, "is_protected")
+ 0
...+>
}
