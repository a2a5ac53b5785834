// true and false change places
@@
@@
(
- true
+ false
|
- false
+ true
)
