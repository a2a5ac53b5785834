/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/json.h"
#include "lakebasectl/base/text.h"
#include "lakebasectl/output/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

void print_value(char *out, size_t size, const json_t *v)
{
	char *text;

	if (!v || json_is_null(v))
		snprintf(out, size, "-");
	else if (json_is_string(v))
		snprintf(out, size, "%s", json_string_value(v));
	else if (json_is_boolean(v))
		snprintf(out, size, "%s", json_is_true(v) ? "yes" : "no");
	else if (json_is_array(v) && !json_is_string(json_array_get(v, 0)))
		snprintf(out, size, "%zu", json_array_size(v));
	else if (json_is_array(v)) {
		out[0] = '\0';
		for (size_t i = 0; i < json_array_size(v); i++)
			snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? " " : "",
				json_string_value(json_array_get(v, i)));
	} else {
		text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		snprintf(out, size, "%s", text ? text : "?");
		free(text);
	}
	tame(out);
}

const char *paint(bool colour, const char *text)
{
	static const struct {
		const char *colour, *words;
	} palette[] = {
		{ "\033[32m", " READY ACTIVE ok PASS full " },
		{ "\033[33m", " INIT IDLE RESETTING IMPORTING open WARN partial INCONCLUSIVE " },
		{ "\033[31m", " DEGRADED DELETED error FAIL none " },
	};
	char word[40];

	if (!colour || strlen(text) > 30 || !*text)
		return "";
	snprintf(word, sizeof(word), " %s ", text);
	for (size_t i = 0; i < ARRAY_SIZE(palette); i++)
		if (strstr(palette[i].words, word))
			return palette[i].colour;
	return "";
}

/* ---- tables ---- */

enum { MAX_COLUMNS = 16, CELL = 512, LEAST = 6 };

struct columns {
	char header[MAX_COLUMNS][96], path[MAX_COLUMNS][96];
	int width[MAX_COLUMNS];
	size_t n;
	bool headed, colour, fitted;
};

struct columns *columns_new(const char *spec, bool colour)
{
	struct columns *t = calloc(1, sizeof(*t));

	if (t)
		t->colour = colour;
	while (t && *spec && t->n < MAX_COLUMNS) {
		size_t n = strcspn(spec, ","), name = strcspn(spec, "=");

		snprintf(t->header[t->n], sizeof(t->header[0]), "%.*s", (int)name, spec);
		snprintf(t->path[t->n], sizeof(t->path[0]), "%.*s", (int)(n - name - 1), spec + name + 1);
		t->width[t->n] = width_of(t->header[t->n]);
		t->n++;
		spec += n;
		spec += *spec == ',';
	}
	return t;
}

void columns_free(struct columns *t)
{
	free(t);
}

static void put_cell(const struct columns *t, size_t i, const char *text, const char *on)
{
	int pad;
	char cell[CELL];

	snprintf(cell, sizeof(cell), "%s", text);
	if (t->fitted)
		cut_to_width(cell, t->width[i]);
	pad = i + 1 < t->n ? t->width[i] - width_of(cell) : 0;
	printf("%s%s%s%*s%s", on, cell, *on ? "\033[0m" : "", pad > 0 ? pad : 0, "",
		i + 1 < t->n ? "  " : "\n");
}

void columns_measure(struct columns *t, const json_t *item)
{
	char cell[CELL];

	for (size_t i = 0; i < t->n; i++) {
		print_value(cell, sizeof(cell), at(item, t->path[i]));
		if (width_of(cell) > t->width[i])
			t->width[i] = width_of(cell);
	}
}

void columns_row(struct columns *t, const json_t *item)
{
	char cell[CELL];

	if (!t->fitted)
		columns_measure(t, item);
	for (size_t i = 0; !t->headed && i < t->n; i++)
		put_cell(t, i, t->header[i], t->colour ? "\033[1m" : "");
	t->headed = true;
	for (size_t i = 0; i < t->n; i++) {
		print_value(cell, sizeof(cell), at(item, t->path[i]));
		put_cell(t, i, cell, paint(t->colour, cell));
	}
}

void columns_drop_empty(struct columns *t, const json_t *items)
{
	size_t kept = 0, k;
	json_t *item;

	for (size_t i = 0; i < t->n; i++) {
		bool used = i == 0;

		json_array_foreach(items, k, item)
		{
			const json_t *v = at(item, t->path[i]);

			used = used || (v && !json_is_null(v));
		}
		if (!used)
			continue;
		memmove(t->header[kept], t->header[i], sizeof(t->header[0]));
		memmove(t->path[kept], t->path[i], sizeof(t->path[0]));
		t->width[kept++] = t->width[i];
	}
	t->n = kept;
}

void columns_plain(const struct columns *t, const json_t *item, size_t most)
{
	char cell[CELL];

	for (size_t i = 0; i < t->n && i < most; i++) {
		print_value(cell, sizeof(cell), at(item, t->path[i]));
		printf("%s%s", i ? "\t" : "", cell);
	}
	putchar('\n');
}

/* The widest column gives way first; when nothing more can be given, the last columns go. */
void columns_fit(struct columns *t, int width)
{
	int sum = -2;

	for (size_t i = 0; i < t->n; i++)
		sum += t->width[i] + 2;
	if (width <= 0 || sum <= width)
		return;
	t->fitted = true;
	while (sum > width) {
		size_t widest = 0;

		for (size_t i = 1; i < t->n; i++)
			if (t->width[i] > t->width[widest])
				widest = i;
		if (t->width[widest] > LEAST) {
			t->width[widest]--;
			sum--;
		} else if (t->n > 1) {
			sum -= t->width[--t->n] + 2;
		} else {
			break;
		}
	}
}
