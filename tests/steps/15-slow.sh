# SPDX-License-Identifier: Apache-2.0
# title: databases with this machine's PostgreSQL, work counted, every mask, the suite on a workspace that matters
# tier: all
# limit: 900
. tests/steps/lib.sh

docker/deps.sh test postgres
configure "$OUT" --buildtype=debugoptimized
meson_tests "$OUT" --suite slow
