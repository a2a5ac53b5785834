// a masked field that the body lacks is ignored
// file: core/crud/change.c
@@
@@
mask_flags(...)
{
<+...
- setting_bool(s, SETTING_MASK_ABSENT)
+ 0
...+>
}
