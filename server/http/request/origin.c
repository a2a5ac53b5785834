/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sent the browser. A web page can have a browser send requests to us in two ways: from its own
 * origin, which the browser then tells, or after binding its own name to our address, which shows
 * in Host. So Host must be a name that nobody else can bind, and Origin, if told, must be the very
 * server that Host names, or one that the operator has named.
 */
#include "http/request/request.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* "name", "name:port", "1.2.3.4:port" or "[::1]:port", taken apart. */
struct authority {
	char name[256]; /* lower case; an IPv6 address with its brackets */
	int64_t port;   /* -1: not told */
};

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static bool is_address(const char *name)
{
	unsigned char address[sizeof(struct in6_addr)];
	char inner[64];
	size_t len = strlen(name);

	if (name[0] != '[')
		return inet_pton(AF_INET, name, address) == 1;
	if (len < 3 || name[len - 1] != ']' || len - 2 >= sizeof inner)
		return false;
	memcpy(inner, name + 1, len - 2);
	inner[len - 2] = '\0';
	return inet_pton(AF_INET6, inner, address) == 1;
}

/* Everything must be told apart: no user before an '@', no path, no second port. */
static bool read_authority(const char *text, struct authority *ret)
{
	size_t len = text[0] == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":");
	bool bracket = text[0] == '[';

	if (!len || len > strlen(text) || len >= sizeof ret->name)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		c = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		if (!bracket && !name_char(c))
			return false;
		ret->name[i] = c;
	}
	ret->name[len] = '\0';
	ret->port = -1;
	if (bracket && !is_address(ret->name))
		return false;
	return !text[len] || (text[len] == ':' && (!text[len + 1] ||
						     text_int(text + len + 1, 0, 65535, &ret->port)));
}

static bool is_loopback_name(const char *name)
{
	size_t len = strlen(name);

	return streq(name, "localhost") || (len > 10 && streq(name + len - 10, ".localhost"));
}

static bool is_allowed(const struct http *h, const char *name)
{
	for (const char *const *a = h->allow_hosts; a && *a; a++)
		if (text_glob(*a, name))
			return true;
	return false;
}

/* Only a name can be bound to another address behind a browser's back. */
static bool host_ok(const struct http *h, const char *text)
{
	struct authority a;

	return read_authority(text, &a) && (is_loopback_name(a.name) || is_address(a.name) ||
						   !strcasecmp(a.name, h->host) ||
						   is_allowed(h, a.name));
}

/* Is `origin` this server, as the client calls it? */
static bool is_own(const struct http *h, const struct authority *origin, const char *scheme,
	const char *host)
{
	const int64_t usual = h->tls ? 443 : 80;
	struct authority own;

	return host && streq(scheme, h->tls ? "https" : "http") && read_authority(host, &own) &&
		streq(own.name, origin->name) &&
		(own.port < 0 ? usual : own.port) == (origin->port < 0 ? usual : origin->port);
}

static bool origin_ok(const struct http *h, const struct origin *o)
{
	struct authority a;
	const char *rest, *scheme;

	if (text_starts(o->origin, "http://", &rest))
		scheme = "http";
	else if (text_starts(o->origin, "https://", &rest))
		scheme = "https";
	else
		return false;
	return read_authority(rest, &a) &&
		(is_allowed(h, a.name) || is_own(h, &a, scheme, o->target ? o->target : o->host));
}

int origin_check(const struct http *h, const struct origin *o, struct err *e)
{
	const char *told[] = { o->target, o->host };

	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		if (told[i] && !host_ok(h, told[i]))
			return err_set(e, ERR_FORBIDDEN_HOST,
				"This server does not answer to the host '%.200s', so that web pages "
				"cannot reach it by DNS rebinding. Start it with --allow-host %.200s "
				"to allow that name.",
				told[i], told[i]);
	if (o->origin && !origin_ok(h, o))
		return err_set(e, ERR_DENIED,
			"Requests from web pages of '%.200s' are refused. Start the server with "
			"--allow-host and the name of that host to allow them.",
			o->origin);
	return 0;
}
