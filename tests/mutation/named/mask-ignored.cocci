// an update applies the whole body
// file: core/crud/change.c
// guard: lakebase.endpoint.update.unmasked-suspension
@@
@@
crud_update(...)
{
<+...
- mask_apply(mask, r->spec, r->status, p->body, d.status, d.aux, e)
+ spec_apply(r->spec, r->status, doc_at(p->body, "spec"), d.status, d.aux, e)
...+>
}
