#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What clang-format would change. Versions differ, so this advises and never fails.
cd "${MESON_SOURCE_ROOT:-.}" || exit 0
. tests/lint/files.sh
command -v clang-format >/dev/null || { echo 'clang-format is not installed'; exit 0; }
for file in $(files server client tests -- -name '*.c' -o -name '*.h'); do
	clang-format --style=file "$file" | diff -q "$file" - >/dev/null || echo "$file"
done
exit 0
