// the other value of a choice is taken
// places: \?
@@
expression C, A, B;
@@
+ !(
  C
+ )
  ? A : B
