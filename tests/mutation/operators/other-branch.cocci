// the other value of a choice is taken
@@
expression C, A, B;
@@
+ !(
  C
+ )
  ? A : B
