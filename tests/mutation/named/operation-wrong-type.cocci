// the metadata has the type of another resource
// file: core/operation_run.c
@@
@@
operation_text(...)
{
<+...
- r->noun
+ "Project"
...+>
}
