/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/refuse.h"

#include "base/text.h"

int refuse_value(struct err *e, const char *key, const char *wanted, const char *got)
{
	return err_set(e, ERR_INVALID, "'%s' must be %s, got '%s'", key, wanted, got);
}

int refuse_name(struct err *e, const char *what, const char *got, const char *const *names)
{
	const char *near = text_nearest(got, names);

	if (near)
		return err_set(
			e, ERR_INVALID, "Unknown %s '%s'. Did you mean '%s'?", what, got, near);
	return err_set(e, ERR_INVALID, "Unknown %s '%s'", what, got);
}
