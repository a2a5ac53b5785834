/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A project, a branch of it, a look at it, and away again.
 * cc lifecycle.c $(pkg-config --cflags --libs lakebase)
 */
#include <lakebase.h>
#include <stdio.h>

int main(void)
{
	struct lakebase *lb = NULL;
	struct lakebase_doc *branch = NULL;
	int rc;

	/* host and token come from the environment or ~/.databrickscfg */
	rc = lakebase_new(&lb, NULL);
	if (!rc)
		rc = lakebase_create(NULL, lb, "projects/example",
			"{\"spec\":{\"display_name\":\"Example\"}}", LAKEBASE_AND_WAIT);
	if (!rc)
		rc = lakebase_create(&branch, lb, "projects/example/branches/dev",
			"{\"spec\":{\"ttl\":\"86400s\"}}", LAKEBASE_AND_WAIT);
	if (!rc)
		printf("%s is %s until %s\n", lakebase_doc_string(branch, "name"),
			lakebase_doc_string(branch, "status.current_state"),
			lakebase_doc_string(branch, "status.expire_time"));
	if (!rc)
		rc = lakebase_delete(NULL, lb, "projects/example", LAKEBASE_AND_WAIT);
	if (rc)
		fprintf(stderr, "%s\n", lakebase_last_error()->message);
	lakebase_doc_free(branch);
	lakebase_free(lb);
	return rc ? 1 : 0;
}
