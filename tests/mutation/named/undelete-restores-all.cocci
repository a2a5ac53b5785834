// undelete brings back what users made
// file: core/operation/run.c
@@
@@
hide_or_drop(...)
{
<+...
- doc_bool(d->aux, "implicit")
+ true
...+>
}
