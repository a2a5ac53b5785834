# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="generated requests, each reply against our own openapi.json"
missing() { have python3 3.10; }
install() { python_env; }

# generate NAME ARGS...: one bounded, repeatable round; its findings in NAME.xml. One worker: Python
# 3.11 may not parse in two threads at once ("AST constructor recursion depth mismatch").
generate() {
  local name=$1
  shift
  "$PYTHON" -m schemathesis.cli --config-file schemathesis.toml run \
    "$MOCK_URL/_mock/openapi.json" --url "$MOCK_URL" --no-color --warnings off \
    --header "Authorization: Bearer $DATABRICKS_TOKEN" --phases coverage,fuzzing \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --generation-deterministic --workers 1 \
    --report junit --report-junit-path "$SDK_OUT/$name.part" "$@"
}

run() {
  local status=0
  cd "$HOME" || return 1 # it leaves its cache where it runs
  # Any id, nearly all of them unknown; then the ids of a workspace that has one of everything.
  cp "$here/schemathesis/anything.toml" schemathesis.toml
  generate schemathesis-anything --max-examples 10 || status=1
  "$PYTHON" "$here/schemathesis/populate.py" || return 1
  cp "$here/schemathesis/existing.toml" schemathesis.toml
  generate schemathesis-existing --max-examples 20 --exclude-method DELETE || status=1
  python3 "$here/harness/merge.py" "$JUNIT" "$SDK_OUT"/schemathesis-*.part
  return "$status"
}
