// == and != change places
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
