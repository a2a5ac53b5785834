// a loop is not left or its rest not passed over
@@
@@
(
- break;
+ ;
|
- continue;
+ ;
)
