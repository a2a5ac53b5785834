/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which hosts were told to clients. A host belongs to an endpoint's uid in a workspace: forks keep
 * uids, so neither the uid nor the name tells a workspace. In address mode each has a loopback
 * address of its own. All is remembered in a file, one line a host, so that addresses outlive the
 * server.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/queue.h>

#include "base/err.h"
#include "core/context/ctx.h"

struct evconnlistener;
struct front;

enum host_kind { HOST_MAIN, HOST_POOLED, HOST_READ_ONLY, HOST__N };

struct host {
	struct host *next_at, *next_of; /* of the same slot: by address, by uid */
	TAILQ_ENTRY(host) age;		/* of those that are listened on, the oldest first */
	char workspace[WORKSPACE_NAME_MAX + 1];
	char *uid, *endpoint; /* endpoint: its name, as last seen; NULL: not looked for */
	enum host_kind kind;
	uint32_t address;    /* in host order; 0: none */
	bool kept;	     /* its address is written down, and will not change */
	uint32_t sessions;   /* that came in through it */
	struct front *front; /* of the listener */
	struct evconnlistener *listener; /* NULL: not listened on */
	char text[INET_ADDRSTRLEN];
};

enum { HOST_SLOTS = 4096 };

/* The first address, which no host gets: to try whether a port can be had. */
#define HOSTS_PROBE_TEXT "127.1.0.0"
enum { HOSTS_PROBE = 127 << 24 | 1 << 16 };

struct hosts {
	struct host *at[HOST_SLOTS], *of[HOST_SLOTS];
	FILE *file;
};

/* Reads the file, which may be missing, and goes on writing to it. NULL path: nothing is kept. */
MUST_CHECK int hosts_open(struct hosts *h, const char *path, struct err *e);
void hosts_close(struct hosts *h);

/* The one that was made before, or NULL. */
struct host *hosts_find(
	const struct hosts *h, const char *workspace, const char *uid, enum host_kind kind);

/* Makes one, without an address. NULL: out of memory. */
struct host *hosts_add(
	struct hosts *h, const char *workspace, const char *uid, enum host_kind kind);

/* Gives it a free address: a function of workspace, uid and kind, or the next one. */
void hosts_place(struct hosts *h, struct host *host);

/* Moves it to the next free address: somebody else listens on the one it has. */
void hosts_step(struct hosts *h, struct host *host);

/* Its address is final: writes it down. */
void hosts_keep(struct hosts *h, struct host *host);

/* The one of that address, or NULL. */
struct host *hosts_at(const struct hosts *h, uint32_t address);

/* The next one of that uid after `prev` (NULL: the first), of any workspace. */
struct host *hosts_of(const struct hosts *h, const char *uid, const struct host *prev);

/* "-pooler", "-ro", "": what stands between uid and suffix. */
const char *host_infix(enum host_kind kind);

/*
 * The uid and kind in the first label of a host name, or in a bare uid; false when it is too long.
 * `uid` takes 64 bytes.
 */
bool host_read(const char *name, size_t len, char uid[static 64], enum host_kind *kind);
