/* SPDX-License-Identifier: Apache-2.0 */
/* What the bare servers share, which the mock is measured against. */
#pragma once

struct event_base;
struct evhttp;

/* Serves on a free port of 127.0.0.1, which it prints, until it is killed; the exit code of main(). */
int bare_serve(struct event_base *base, struct evhttp *http);
