// && and || change places
// places: &&|\|\|
@@
expression A, B;
@@
(
  A
- &&
+ ||
  B
|
  A
- ||
+ &&
  B
)
