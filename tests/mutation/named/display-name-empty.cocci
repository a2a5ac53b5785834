// the display name has no default
// file: resources/project.c
@@
@@
defaults(...)
{
<+...
- !display || !display[0]
+ 0
...+>
}
