/* SPDX-License-Identifier: Apache-2.0 */
/* The one door behind the socket: the API as the lab serves it, and the lab's own routes. */
#pragma once

#include "lab/lab.h"

/* Serves one request. `resp` is an empty response (response_reset()); never fails: failures are
 * responses. */
enum lab_verdict front_serve(struct lab *lab, const struct request *req, struct response *resp);
