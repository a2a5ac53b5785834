/* SPDX-License-Identifier: Apache-2.0 */
/* The headers alone, under the strictest flags, as C and as C++. */
#include <lakebase.h>
#include <lakebase_ports.h>

int main(void)
{
	struct lakebase_options options = LAKEBASE_OPTIONS_INIT;
	struct lakebase_call_options call = LAKEBASE_CALL_OPTIONS_INIT;
	struct lakebase_call_spec spec = LAKEBASE_CALL_SPEC_INIT;
	struct lakebase *lb = NULL;

	options.host = "https://example.com";
	options.token = "token";
	options.ignore_environment = true;
	spec.options = call;
	if (lakebase_new(&lb, &options))
		return 1;
	/* nothing is sent: the name is refused */
	if (lakebase_perform(NULL, lb, &spec) != LAKEBASE_EINVALID || !*lakebase_last_error()->message)
		return 1;
	lakebase_free(lb);
	return LAKEBASE_AND_WAIT->flags == LAKEBASE_WAIT ? 0 : 1;
}
