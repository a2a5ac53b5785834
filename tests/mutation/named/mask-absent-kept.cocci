// a masked field that the body lacks is ignored
// file: core/crud/change.c
// guard: lakebase.mask.group.absent
@@
@@
mask_flags(...)
{
<+...
- setting_bool(s, SETTING_MASK_ABSENT)
+ 0
...+>
}
