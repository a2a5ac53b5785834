// undelete brings back what users made
// file: core/operation/run.c
// guard: lakebase.project.undelete.user-branches
@@
@@
hide_or_drop(...)
{
<+...
- doc_bool(d->aux, "implicit")
+ true
...+>
}
