# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="Databricks CLI"
cli_module=github.com/databricks/cli cli_version=v1.12.1
cli_sum=h1:AEmFRA5foGObnxzgbk/1392DS+9dNsQWUY3sdZ1Reeo=

missing() { have go 1.26; have python3 3.10; }

# The CLI is a module like others: it is built where the module cache keeps it.
install() {
  local dir=$SDK_CACHE/cli answer module sum
  python_env || return 1
  [ "$(cat "$dir/.want" 2>/dev/null)" != "$cli_version" ] || return 0
  mkdir -p "$dir"
  answer=$(cd "$dir" && GOFLAGS=-mod=mod GOWORK=off go mod download -json "$cli_module@$cli_version") || {
    echo "$answer"
    return 1
  }
  read -r module sum <<<"$(python3 -c 'import json,sys
answer = json.load(sys.stdin)
print(answer["Dir"], answer["Sum"])' <<<"$answer")"
  [ "$sum" = "$cli_sum" ] || { echo "$cli_module@$cli_version has the sum $sum, not $cli_sum"; return 1; }
  (cd "$module" && go build -o "$dir/databricks" \
    -ldflags "-s -w -X $cli_module/internal/build.buildVersion=${cli_version#v}" .) &&
    echo "$cli_version" >"$dir/.want"
}
run() {
  DATABRICKS_CLI=$SDK_CACHE/cli/databricks \
    "$PYTHON" -m pytest -n 4 --junitxml "$JUNIT" .
}
