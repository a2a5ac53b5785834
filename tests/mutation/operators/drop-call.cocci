// a call whose result nobody reads is left out
@@
identifier f;
expression list args;
@@
- f(args);
+ ;
