/* SPDX-License-Identifier: Apache-2.0 */
/* Every amount that a client chooses has a ceiling, and every ceiling is here. */
#pragma once

enum limit {
	MAX_HEADER_BYTES = 16 << 10,
	MAX_BODY_BYTES = 1 << 20,       /* over it: 413 as JSON */
	MAX_BODY_TRANSPORT = 8 << 20,   /* over it: the transport's own 413 */
	MAX_STATE_BYTES = 128 << 20,    /* of a state document, both ways */
	MAX_RESPONSE_BYTES = 256 << 20, /* an export of a large workspace */
	MAX_JSON_DEPTH = 64,
	MAX_PATH_SEGMENTS = 64, /* of a URL, and of the path of a file */
	MAX_QUERY_PARAMS = 32, /* of a form, too */
	MAX_NAME_BYTES = 1024, /* of a resource name or the path of a file, all segments together */
	MAX_PAGE_SIZE = 1000,
	MAX_CONNECTIONS = 10000,
	MAX_WORKSPACES = 10000,
	MAX_FAULT_RULES = 1000,
	MAX_WARNINGS = 1000, /* kept per workspace */
	IDLE_TIMEOUT_S = 300, /* longer than client pools keep an idle connection */
	REQUEST_TIMEOUT_S = 30, /* from the first byte of a request to its last */
};

_Static_assert(MAX_BODY_TRANSPORT > MAX_BODY_BYTES, "the JSON 413 must come first");
