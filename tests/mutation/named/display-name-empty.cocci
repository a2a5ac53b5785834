// the display name has no default
// file: resources/project.c
// guard: lakebase.mask.path.missing-before-august
@@
@@
defaults(...)
{
<+...
- !display || !display[0]
+ 0
...+>
}
