// a bound is off by one (but not where the item beyond the last is NULL and passed over, nor in the
// choice of the larger or smaller of two, nor where both choices are 0)
// places: \s[<>]=?\s
@@
expression A, B;
@@
(
  A < json_array_size(B)
|
  A < B ? A : B
|
  A > B ? A : B
|
  A < B ? B : A
|
  A > B ? B : A
|
  A > B ? A - B : 0
|
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
