// a masked field that the body lacks is ignored
// file: core/crud_change.c
@@
@@
crud_update(...)
{
<+...
- setting_bool(&c->world->settings, SETTING_MASK_ABSENT)
+ 0
...+>
}
