// a number is another one (but not the size of a buffer: too large a one harms nobody)
// places: (\+|-|\*|<<)\s+[A-Z0-9]|return 1;
@size@
type T;
identifier x;
expression A, E;
constant int C;
position p;
@@
(
  T x[A + C@p];
|
  T x[A + C@p] = E;
)

@room@
expression A, B;
constant int C;
position p;
@@
(
  arena_alloc(A, <+... C@p ...+>)
|
  malloc(<+... C@p ...+>)
|
  calloc(<+... C@p ...+>, A)
)

@@
constant int C;
expression A;
position p != { size.p, room.p };
@@
(
  A +
- C@p
+ (C + 1)
|
  A -
- C@p
+ (C + 1)
|
  A *
- C@p
+ (C + 1)
|
  A <<
- C@p
+ (C + 1)
)

@@
@@
- return 1;
+ return 0;
