// a call whose result nobody reads is left out
// places: ^\s+(?!if|for|return|while|switch)\w+\(
@@
identifier f;
expression list args;
@@
- f(args);
+ ;
