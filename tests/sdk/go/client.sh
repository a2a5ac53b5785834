# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="Databricks SDK for Go"
missing() { have go 1.25; }
install() { mkdir -p "$SDK_CACHE/go" && (cd "$here/go" && go test -c -o "$SDK_CACHE/go/sdk.test" .); }
run() {
  local status=0
  "$SDK_CACHE/go/sdk.test" -test.v=test2json -test.parallel 8 -test.timeout 5m >"$SDK_OUT/go.txt" 2>&1 || status=$?
  cat "$SDK_OUT/go.txt"
  python3 "$here/harness/gojunit.py" "$SDK_OUT/go.txt" "$JUNIT"
  return "$status"
}
