# SPDX-License-Identifier: Apache-2.0
# title: the published Go SDK against the server
# needs: tests/sdk/go/go.mod
# tier: all
# limit: 600
. tests/steps/lib.sh

docker/deps.sh sdk
configure "$OUT" --buildtype=debugoptimized
start_mock
report=$OUT/logs/sdk-go.json
status=0
(cd tests/sdk/go && go test -count=1 -timeout 9m -json ./...) >"$report" || status=$?
python3 tests/steps/count.py gotest "$report" >"$COUNTS"
[ "$status" = 0 ] || python3 -c 'import json,sys
for line in open(sys.argv[1]):
    if line.startswith("{"): sys.stdout.write(json.loads(line).get("Output", ""))' "$report"
exit "$status"
