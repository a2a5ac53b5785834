/* SPDX-License-Identifier: Apache-2.0 */
/* Reading numbers and times as people write them, finding the word that was meant, fitting a terminal. */
#pragma once

#include "lakebasectl/base/base.h"

/* "300ms", "5s", "1.5h", "1h30m", "2 days", or plain seconds, as milliseconds. -1: not a time. */
int64_t parse_time(const char *text);
/* As the service reads it: "604800s". */
void write_time(char *out, size_t size, int64_t ms);
bool parse_integer(const char *text, int64_t least, int64_t most, int64_t *ret);
/* RFC 3339. */
bool parse_instant(const char *text);
/* "409" or "4xx". */
bool parse_status(const char *text);
/* The one of `names` that is nearest to `word`, or NULL. */
const char *nearest(const char *word, const char *const *names, size_t n);
/* Makes text of a server harmless for a terminal, in place: no control character stays. */
void tame(char *text);
/* Terminal columns of UTF-8 text. */
int width_of(const char *text);
/* Shortens text to `width` columns, with an ellipsis, in place. */
void cut_to_width(char *text, int width);
