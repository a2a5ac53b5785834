// the condition of an if is turned round
@@
expression E;
statement S;
@@
- if (E)
+ if (!(E))
  S
