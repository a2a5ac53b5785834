// history is kept for a day by default
// file: resources/project.c
// guard: lakebase.mask.spec.lenient
@@
@@
defaults(...)
{
<+...
- doc_set_str(s, "history_retention_duration", "604800s")
+ doc_set_str(s, "history_retention_duration", "86400s")
...+>
}
