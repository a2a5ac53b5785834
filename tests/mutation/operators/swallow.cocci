// an error is swallowed: what would have failed goes on
// guard: lab-disk
// places: return -1;
@@
expression E;
@@
- if (E)
-	return -1;
+ if (E)
+	;
