// the condition of an if is turned round
// places: \bif \(
@@
expression E;
statement S;
@@
- if (E)
+ if (!(E))
  S
