/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/front/hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* 127.1.0.1 to 127.255.255.254 */
enum { FIRST_ADDRESS = HOSTS_PROBE + 1, NUM_ADDRESSES = (255 << 16) - 2 };

static const char *const infixes[HOST__N] = { "", "-pooler", "-ro" };

const char *host_infix(enum host_kind kind)
{
	return infixes[kind];
}

bool host_read(const char *name, size_t len, char uid[static 64], enum host_kind *kind)
{
	size_t n = 0;

	while (n < len && name[n] != '.')
		n++;
	*kind = HOST_MAIN;
	for (int k = HOST_MAIN + 1; k < HOST__N; k++) {
		size_t m = strlen(infixes[k]);

		if (n > m && !memcmp(name + n - m, infixes[k], m)) {
			*kind = (enum host_kind)k;
			n -= m;
			break;
		}
	}
	if (!n || n >= 64)
		return false;
	memcpy(uid, name, n);
	uid[n] = '\0';
	return true;
}

/* ---- the table ---- */

static struct host **slot_at(const struct hosts *h, uint32_t address)
{
	return (struct host **)&h->at[address % HOST_SLOTS];
}

static struct host **slot_of(const struct hosts *h, const char *uid)
{
	return (struct host **)&h->of[text_prf(0, uid, 0, 0) % HOST_SLOTS];
}

struct host *hosts_at(const struct hosts *h, uint32_t address)
{
	struct host *host = *slot_at(h, address);

	while (host && host->address != address)
		host = host->next_at;
	return address ? host : NULL;
}

struct host *hosts_of(const struct hosts *h, const char *uid, const struct host *prev)
{
	struct host *host = prev ? prev->next_of : *slot_of(h, uid);

	while (host && !streq(host->uid, uid))
		host = host->next_of;
	return host;
}

struct host *hosts_find(
	const struct hosts *h, const char *workspace, const char *uid, enum host_kind kind)
{
	struct host *host = hosts_of(h, uid, NULL);

	while (host && (host->kind != kind || !streq(host->workspace, workspace)))
		host = hosts_of(h, uid, host);
	return host;
}

/* ---- addresses ---- */

static void unlink_at(struct hosts *h, struct host *host)
{
	struct host **p = slot_at(h, host->address);

	while (*p && *p != host)
		p = &(*p)->next_at;
	if (*p)
		*p = host->next_at;
}

static void set_address(struct hosts *h, struct host *host, uint32_t address)
{
	struct host **slot = slot_at(h, address);
	struct in_addr in = { htonl(address) };

	host->address = address;
	inet_ntop(AF_INET, &in, host->text, sizeof host->text);
	host->next_at = *slot;
	*slot = host;
}

static uint32_t next_free(const struct hosts *h, uint32_t n)
{
	while (hosts_at(h, FIRST_ADDRESS + n % NUM_ADDRESSES))
		n++;
	return FIRST_ADDRESS + n % NUM_ADDRESSES;
}

void hosts_step(struct hosts *h, struct host *host)
{
	uint32_t n = host->address - FIRST_ADDRESS + 1;

	unlink_at(h, host);
	set_address(h, host, next_free(h, n));
}

/* ---- making one ---- */

struct host *hosts_add(
	struct hosts *h, const char *workspace, const char *uid, enum host_kind kind)
{
	struct host *host = calloc(1, sizeof *host), **slot = slot_of(h, uid);

	if (host)
		host->uid = strdup(uid);
	if (!host || !host->uid) {
		free(host);
		return NULL;
	}
	snprintf(host->workspace, sizeof host->workspace, "%s", workspace);
	host->kind = kind;
	host->next_of = *slot;
	*slot = host;
	return host;
}

void hosts_place(struct hosts *h, struct host *host)
{
	uint64_t where = text_prf(text_prf(0, host->workspace, 0, 0), host->uid, host->kind, 0);

	set_address(h, host, next_free(h, (uint32_t)(where % NUM_ADDRESSES)));
	host->kept = false;
}

/* ---- the file: "127.7.7.7 main default ep-quiet-sky-d2abcdef", the latest line counts ---- */

static const char *const kinds[HOST__N + 1] = { "main", "pooled", "read_only", NULL };

void hosts_keep(struct hosts *h, struct host *host)
{
	host->kept = true;
	if (!h->file)
		return;
	fprintf(h->file, "%s %s %s %s\n", host->address ? host->text : "-", kinds[host->kind],
		host->workspace, host->uid);
	fflush(h->file);
}

static char *next_word(char **p)
{
	char *word = *p + strspn(*p, " ");

	*p = word + strcspn(word, " \n");
	if (**p)
		*(*p)++ = '\0';
	return word;
}

/* A line that was cut short by the end of a process counts as none. */
static void take_line(struct hosts *h, char *line)
{
	char *address = next_word(&line), *kind = next_word(&line);
	char *workspace = next_word(&line), *uid = next_word(&line);
	struct in_addr in;
	struct host *host;
	int k = 0;

	while (kinds[k] && !streq(kinds[k], kind))
		k++;
	if (!kinds[k] || !*uid)
		return;
	host = hosts_find(h, workspace, uid, (enum host_kind)k);
	if (!host)
		host = hosts_add(h, workspace, uid, (enum host_kind)k);
	if (host)
		host->kept = true;
	if (!host || inet_pton(AF_INET, address, &in) != 1 || hosts_at(h, ntohl(in.s_addr)))
		return;
	if (host->address)
		unlink_at(h, host);
	set_address(h, host, ntohl(in.s_addr));
}

static void read_file(struct hosts *h, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, f)) > 0)
		if (line[n - 1] == '\n')
			take_line(h, line);
	free(line);
}

int hosts_open(struct hosts *h, const char *path, struct err *e)
{
	FILE *f = path ? fopen(path, "re") : NULL;

	*h = (struct hosts){ 0 };
	if (f) {
		read_file(h, f);
		fclose(f);
	}
	h->file = path ? fopen(path, "ae") : NULL;
	return !path || h->file
		       ? 0
		       : err_set(e, ERR_INVALID, "cannot write '%s': %s", path, strerror(errno));
}

void hosts_close(struct hosts *h)
{
	for (size_t i = 0; i < HOST_SLOTS; i++) {
		for (struct host *host = h->of[i], *next; host; host = next) {
			next = host->next_of;
			free(host->uid);
			free(host->endpoint);
			free(host);
		}
	}
	if (h->file)
		fclose(h->file);
	*h = (struct hosts){ 0 };
}
