/* SPDX-License-Identifier: Apache-2.0 */
/* A server on a socket that plays a script, byte by byte: what libcurl meets on bad days. */
#pragma once

#include <stddef.h>

enum wire_end {
	WIRE_KEEP,  /* the connection stays open for the next step */
	WIRE_CLOSE, /* FIN */
	WIRE_RESET, /* RST */
	WIRE_HANG,  /* silence until the client leaves */
};

/* One request: what is sent as it stands, and what becomes of the connection. */
struct wire_step {
	const char *bytes;
	enum wire_end end;
};

struct wire;

/* Begins to listen on a free port of 127.0.0.1. The script ends with NULL bytes and WIRE_KEEP. */
struct wire *wire_start(const struct wire_step *script);
/* "http://127.0.0.1:PORT". */
const char *wire_url(const struct wire *w);
/* Ends the thread and gives the number of requests that were read; connections go to *connections. */
int wire_stop(struct wire *w, int *connections);

#define OK(body_length, body)                                                                      \
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " #body_length "\r\n\r\n" body
