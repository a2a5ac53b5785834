// an assignment to a member or through a pointer is left out
// places: (->|\.|\*)\w+ =\s
@@
expression X, E;
identifier m;
@@
(
- X->m = E;
+ ;
|
- X.m = E;
+ ;
|
- *X = E;
+ ;
)
