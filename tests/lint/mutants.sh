#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each patch of tests/mutation/named still applies to the code as it is. What is kept of a run lies in the build
# folder, $1, which ./test's own step of that name uses as well.
command -v spatch >/dev/null || { echo 'spatch is missing; docker/deps.sh test installs it'; exit 77; }
exec python3 tests/mutation/mutate.py --list --operator named "${1:-build}"
