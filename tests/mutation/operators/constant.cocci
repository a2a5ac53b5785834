// a number is another one
@@
constant int C;
expression A;
@@
(
  A +
- C
+ (C + 1)
|
  A -
- C
+ (C + 1)
|
  A *
- C
+ (C + 1)
|
  A <<
- C
+ (C + 1)
)

@@
@@
- return 1;
+ return 0;
