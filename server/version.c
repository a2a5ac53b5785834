/* SPDX-License-Identifier: Apache-2.0 */
#include "version.h"

#include <jansson.h>
#include <openssl/crypto.h>

#include "http/http.h"
#include "core/context/store.h"

void version_json(FILE *out)
{
	json_auto_t *doc = json_pack("{s:s,s:s,s:{s:s,s:s,s:s,s:s}}", "version", VERSION, "compiler",
		__VERSION__, "libraries", "libevent", http_library_version(), "jansson",
		jansson_version_str(), "sqlite", store_library_version(), "openssl",
		OpenSSL_version(OPENSSL_VERSION_STRING));

	if (doc)
		json_dumpf(doc, out, JSON_SORT_KEYS | JSON_COMPACT);
	fputc('\n', out);
}
