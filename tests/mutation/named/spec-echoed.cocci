// GET shows spec
// file: core/resource/draft.c
@@
@@
draft_object(...)
{
<+...
- setting_bool(s, SETTING_ECHO_SPEC)
+ 1
...+>
}
