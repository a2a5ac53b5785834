// a bound is off by one
@@
expression A, B;
@@
(
  A
- <
+ <=
  B
|
  A
- <=
+ <
  B
|
  A
- >
+ >=
  B
|
  A
- >=
+ >
  B
)
