/* SPDX-License-Identifier: Apache-2.0 */
/* The other side: asks a server whether it is ready (container health checks). */
#pragma once

#include "base/err.h"
#include "base/when.h"

/*
 * GET url + path until it answers 200, at most for `timeout`. `url` is "http://ADDR:PORT" or
 * "https://ADDR:PORT" (the certificate is not verified: it is our own). ERR_UNAVAILABLE names what
 * was seen last; ERR_INVALID is a bad url.
 */
MUST_CHECK int http_probe(const char *url, const char *path, usec timeout, struct err *e);
