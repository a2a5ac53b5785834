// tags may have the same key
// file: resources/project.c
// guard: lakebase.project.create.tag-twice
@@
@@
check_tags(...)
{
<+...
- key && json_object_get(seen, key)
+ 0
...+>
}
