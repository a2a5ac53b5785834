// the branch that was the default says so still
// file: resources/project.c
// guard: lakebase.branch.delete.default
@@
@@
set_default(...)
{
<+...
- is == doc_bool(branch->status, "default")
+ 1
...+>
}
