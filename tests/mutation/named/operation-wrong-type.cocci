// the metadata has the type of another resource
// file: core/operation/run.c
@@
@@
operation_text(...)
{
<+...
- r->noun
+ "Project"
...+>
}
