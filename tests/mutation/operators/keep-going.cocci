// a loop is not left or its rest not passed over
// places: break;|continue;
@@
@@
(
- break;
+ ;
|
- continue;
+ ;
)
