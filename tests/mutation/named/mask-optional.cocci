// an update without a mask changes everything
// file: core/crud/change.c
// guard: lakebase.mask.empty.missing
@@
@@
crud_update(...)
{
<+...
- p->update_mask
+ (p->update_mask ? p->update_mask : "spec")
...+>
}
