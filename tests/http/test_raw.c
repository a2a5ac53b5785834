/* SPDX-License-Identifier: Apache-2.0 */
/* Plays fixtures/http/<name>.raw, which README.md there explains, against a server. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "http/fake_lab.h"
#include "http/peer.h"
#include "support/run.h"

static char *names[256];
static int num_names;

struct fixture {
	int statuses[8], num_statuses;
	bool close;
	int served;
	struct buf bytes;
};

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	ck_assert_ptr_nonnull(at);
	return (int)(at - digits);
}

/* One line of the request: escapes undone, CRLF added unless a backslash ends it. */
static void add_line(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s != '\\') {
			buf_add(b, s, 1);
			continue;
		}
		switch (*++s) {
		case '\0':
			return;
		case 'n':
			buf_add(b, "\n", 1);
			break;
		case 'r':
			buf_add(b, "\r", 1);
			break;
		case 't':
			buf_add(b, "\t", 1);
			break;
		case 'x':
			buf_add(b, &(char){ (char)(hex(s[1]) * 16 + hex(s[2])) }, 1);
			s += 2;
			break;
		default:
			ck_assert_int_eq(*s, '\\');
			buf_add(b, s, 1);
		}
	}
	buf_add(b, "\r\n", 2);
}

static void read_head(struct fixture *f, char *line)
{
	if (!strncmp(line, "expect:", 7)) {
		for (char *word = strtok_r(line + 7, " ", &line); word;
			word = strtok_r(NULL, " ", &line)) {
			if (!strcmp(word, "close") || !strcmp(word, "keep"))
				f->close = !strcmp(word, "close");
			else
				f->statuses[f->num_statuses++] = atoi(word);
		}
	} else if (!strncmp(line, "served:", 7)) {
		f->served = atoi(line + 7);
	} else {
		ck_assert_msg(line[0] == '#', "%s", line);
	}
}

static void read_fixture(const char *name, struct fixture *f)
{
	char path[300], line[4096];
	bool head = true;
	FILE *in;

	memset(f, 0, sizeof *f);
	f->served = -1;
	snprintf(path, sizeof path, "fixtures/http/%s", name);
	in = fopen(path, "re");
	ck_assert_ptr_nonnull(in);
	while (fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = '\0';
		if (head && !strcmp(line, "---"))
			head = false;
		else if (head)
			read_head(f, line);
		else
			add_line(&f->bytes, line);
	}
	fclose(in);
	ck_assert_msg(!head && f->num_statuses && f->served >= 0, "%s is incomplete", name);
}

static void play(const char *name, bool tls)
{
	struct fixture f;
	struct server s;
	struct peer p;
	char *body;

	read_fixture(name, &f);
	server_start(&s, tls, NULL);
	peer_open(&p, &s);
	peer_send(&p, f.bytes.data, f.bytes.len);
	for (int i = 0; i < f.num_statuses; i++) {
		int status = peer_answer(&p, &body);

		ck_assert_msg(status == f.statuses[i], "%s: answer %d is %d, not %d", name, i + 1,
			status, f.statuses[i]);
		if (status >= 400)
			ck_assert_msg(strstr(body, "\"error_code\""), "%s: %s", name, body);
		free(body);
	}
	ck_assert_msg(fake_served() == f.served, "%s: %d served", name, fake_served());
	ck_assert_msg(fake_served_path("/second") == 0, "%s smuggled a request", name);
	if (f.close) {
		ck_assert_msg(peer_read(&p, 1, SURELY) == PEER_EOF && p.len == 0,
			"%s: not closed properly (%d): %s", name, p.ended, p.in);
	} else {
		ck_assert_msg(peer_ask(&p, "/ok", NULL) == 200, "%s: not kept open", name);
	}
	peer_close(&p);
	server_stop(&s);
	buf_done(&f.bytes);
}

START_TEST(plain)
{
	play(names[_i], false);
}
END_TEST

START_TEST(tls)
{
	play(names[_i], true);
}
END_TEST

static int is_raw(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 4 && !strcmp(d->d_name + len - 4, ".raw");
}

int main(void)
{
	struct dirent **found;
	int n = scandir("fixtures/http", &found, is_raw, alphasort), status;

	for (int i = 0; i < n; i++) {
		if (num_names < (int)(sizeof names / sizeof names[0]))
			names[num_names++] = strdup(found[i]->d_name);
		free(found[i]);
	}
	if (n > 0)
		free(found);
	if (n < 30) {
		fprintf(stderr, "only %d fixtures found: run in the root of the sources\n", n);
		return EXIT_FAILURE;
	}
	status = RUN_TIMES("http-raw", { plain, num_names }, { tls, num_names });
	for (int i = 0; i < num_names; i++)
		free(names[i]);
	return status;
}
