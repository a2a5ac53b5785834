#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The conformance suite against a server that is not ours: the fake workspace of the Databricks CLI.
#
#   tests/conformance/peer/run.sh BUILD-DIR [options of lakebase-conformance]
#
# Its known failures are in known-failing.txt, each with the reason. Needs Go; the module is fetched
# the first time.
set -euo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd -P "${1:?usage: run.sh BUILD-DIR [OPTION...]}" && pwd)
shift
(cd "$here" && go build -o "$build/tests/conformance/peer" .)

# It serves until its standard input is closed.
coproc PEER { exec "$build/tests/conformance/peer" 2>/dev/null; }
exec {out}<&"${PEER[0]}" {in}>&"${PEER[1]}"
trap 'exec {in}>&-' EXIT
read -r -t 120 url <&"$out"
status=0
"$build/tests/conformance/lakebase-conformance" --target "$url" --token-each dbapi0 \
  --known-failing "$here/known-failing.txt" --skip "@$here/skipped.txt" "$@" || status=$?
exit "$status"
