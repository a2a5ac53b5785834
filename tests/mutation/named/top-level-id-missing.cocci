// resources have no id at their top
// file: core/resource/draft.c
// guard: lakebase.auth.body.unread
@@
@@
stamp(...)
{
<+...
- r->id_field && field_find(m, r->id_field)
+ 0
...+>
}
