# SPDX-License-Identifier: Apache-2.0
# title: the C tests again, built by clang with AddressSanitizer and UBSan, and with a char without sign
# tier: all
# limit: 1500
. tests/steps/lib.sh

export CC=clang
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# A report needs lines, not variables; the compiler is done a sixth sooner. A plain char has no sign here, as on ARM.
configure "$TOP/build-asan" --buildtype=plain -Doptimization=1 '-Dc_args=-gline-tables-only -funsigned-char' \
  -Db_sanitize=address,undefined -Db_lundef=false
# Sanitized programs are several times slower, and a fork costs them much: these tests do without.
export CK_FORK=no
meson_tests "$TOP/build-asan" --timeout-multiplier 4 --no-suite slow --suite unit --suite lab
counts=$(cat "$COUNTS")
unset CK_FORK
# What only reads source text gains nothing here.
meson_tests "$TOP/build-asan" --timeout-multiplier 4 --no-suite slow --no-suite lint --no-suite unit --no-suite lab
counts+=" $(cat "$COUNTS")"
# Of the slow ones what waits, and of the suites of databases the two that reach most.
meson_tests "$TOP/build-asan" --timeout-multiplier 4 --suite slow http-limits client-lab branches front
counts+=" $(cat "$COUNTS")"
awk '{ print $1 + $4 + $7, $2 + $5 + $8, $3 + $6 + $9 }' <<<"$counts" >"$COUNTS"
