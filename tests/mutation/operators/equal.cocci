// == and != change places
// places: \s[!=]=\s
@@
expression A, B;
@@
(
  A
- ==
+ !=
  B
|
  A
- !=
+ ==
  B
)
