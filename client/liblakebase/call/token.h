/* SPDX-License-Identifier: Apache-2.0 */
/* The access token of a client, and which of its calls fetches the next one. */
#pragma once

#include "liblakebase/base.h"

struct lb_auth {
	char *header;	      /* "Bearer ..." */
	char *token_url;      /* known after discovery */
	int64_t renew_at;     /* 0: never */
	const void *fetching; /* the call that fetches a token now; the others wait for it */
};

/* Forgets the token `used`, so that the next request gets another. */
void lb_auth_expire(struct lb_auth *a, const char *used);
/* The call `by` fetches no token any more. */
void lb_auth_release(struct lb_auth *a, const void *by);
void lb_auth_done(struct lb_auth *a);
