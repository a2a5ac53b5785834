// true and false change places
// places: \b(true|false)\b
@@
@@
(
- true
+ false
|
- false
+ true
)
