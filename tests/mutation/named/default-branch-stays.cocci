// the branch that was the default says so still
// file: resources/project.c
@@
@@
set_default(...)
{
<+...
- is == doc_bool(branch->status, "default")
+ 1
...+>
}
