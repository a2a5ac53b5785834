# SPDX-License-Identifier: Apache-2.0
# title: lint and the C tests, warnings as errors
# tier: fast
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
args=()
for suite in ${SUITES:-}; do args+=(--suite "$suite"); done
meson_tests "$OUT" "${args[@]}"
