// a refusal is not said
// places: return err_say\(
@@
expression list args;
@@
- return err_say(args);
+ return 0;
