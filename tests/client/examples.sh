#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The examples against a mock, in fair weather and foul. examples.sh SERVER LAKEBASECTL EXAMPLE...
set -eu
server=$1 ctl=$2
shift 2
tmp=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$tmp"' EXIT
"$server" --listen 127.0.0.1:0 --port-file "$tmp/port" --log off >"$tmp/out" & pid=$!
for i in $(seq 1200); do [ -s "$tmp/port" ] && break; sleep 0.05; done
HOME=$tmp DATABRICKS_HOST=http://127.0.0.1:$(cat "$tmp/port") DATABRICKS_TOKEN=mock-default
export HOME DATABRICKS_HOST DATABRICKS_TOKEN
for example in "$@"; do
	"$ctl" mock reset >/dev/null
	"$example" >"$tmp/fair" || { echo "$example fails in fair weather"; exit 1; }
	[ -s "$tmp/fair" ] || { echo "$example says nothing"; exit 1; }
	# the first creation is lost, every second read is refused
	"$ctl" mock reset >/dev/null
	"$ctl" mock fault add 'Create*#1 after_commit reset x1' >/dev/null
	"$ctl" mock fault add 'Any#1-9.1 unavailable' >/dev/null
	"$example" >"$tmp/foul" || { echo "$example fails in foul weather"; exit 1; }
	"$ctl" mock fault list --json | grep -q '"fired": [1-9]' || { echo "no fault fired for $example"; exit 1; }
done
