// status does not repeat the id
// file: core/resource/draft.c
// guard: lakebase.branch.create.no-expiry
@@
@@
stamp(...)
{
<+...
- r->id_field && r->status && field_find(r->status, r->id_field)
+ 0
...+>
}
