/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/call/token.h"
#include "liblakebase/text.h"

#include <stdlib.h>

void lb_auth_expire(struct lb_auth *a, const char *used)
{
	/* another call may have renewed it meanwhile: then that one is tried */
	if (lb_same(a->header, used))
		lb_free_string(&a->header);
}

void lb_auth_release(struct lb_auth *a, const void *by)
{
	if (a->fetching == by)
		a->fetching = NULL;
}

void lb_auth_done(struct lb_auth *a)
{
	free(a->header);
	free(a->token_url);
	*a = (struct lb_auth){ 0 };
}
