// the metadata has the type of another resource
// file: core/operation/run.c
// guard: lakebase.branch.create.expires-before-ready
@@
@@
operation_text(...)
{
<+...
- r->noun
+ "Project"
...+>
}
