# SPDX-License-Identifier: Apache-2.0
# title: the C tests again, built by clang with AddressSanitizer and UBSan
# tier: all
# limit: 1500
. tests/steps/lib.sh

export CC=clang CC_LD=
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
configure "$TOP/build-asan" --buildtype=debugoptimized \
  -Db_sanitize=address,undefined -Db_lundef=false
# Sanitized programs are several times slower; what only reads source text gains nothing here.
meson_tests "$TOP/build-asan" --no-suite lint --no-suite slow --timeout-multiplier 4
# Of the suites of databases the two that reach most.
counts=$(cat "$COUNTS")
meson_tests "$TOP/build-asan" --suite slow --timeout-multiplier 4 branches front
echo "$counts $(cat "$COUNTS")" | awk '{ print $1 + $4, $2 + $5, $3 + $6 }' >"$COUNTS.sum"
mv "$COUNTS.sum" "$COUNTS"
