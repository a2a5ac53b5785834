// GET shows spec
// file: core/draft.c
@@
@@
draft_object(...)
{
<+...
- setting_bool(s, SETTING_ECHO_SPEC)
+ 1
...+>
}
