#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts the mock in the background of a workflow, waits until it is ready, and tells later steps.
#
# Ready is what this server says of itself, on its standard output or as the state of its container: whoever
# else answers on the port is not asked, and a server that ends is told at once, with its last words.
set -euo pipefail

port=${MOCK_PORT:-4610} log=${RUNNER_TEMP:-/tmp}/lakebase-mock.log pid=
# Blanks separate them, and lines, as a workflow may write them.
read -r -d '' -a flags <<<"${MOCK_FLAGS:-}" || true

failed() {
  echo "lakebase-mock $1" >&2
  if [ -n "$pid" ]; then
    kill -- "-$pid" 2>/dev/null || true
    cat "$log" >&2
  else
    docker logs lakebase-mock >&2
  fi
  exit 1
}

if [ -n "${MOCK_IMAGE:-}" ]; then
  docker run -d --name lakebase-mock --read-only -p "127.0.0.1:$port:4610" "$MOCK_IMAGE" \
    serve "${flags[@]}" >/dev/null
else
  top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  # Made here: the child opens it when it comes to that, and what is read below may be no earlier server's.
  : >"$log" || { echo "lakebase-mock cannot write its log: RUNNER_TEMP must be a folder to write to" >&2; exit 1; }
  RUNNER_TRACKING_ID='' setsid nohup "$top/run" --listen "127.0.0.1:$port" "${flags[@]}" \
    </dev/null >>"$log" 2>&1 &
  pid=$!
fi

# The address once it serves; empty before. The engine has bound a container's port.
ready_url() {
  if [ -n "$pid" ]; then
    sed -n 's/^{"ready":true,"url":"\([^"]*\)".*/\1/p;T;q' "$log"
  elif docker exec lakebase-mock /lakebase-mock wait --timeout 0.2s >/dev/null 2>&1; then
    echo "http://127.0.0.1:$port"
  fi
}
running() {
  if [ -n "$pid" ]; then
    kill -0 "$pid" 2>/dev/null
  else
    [ "$(docker inspect -f '{{.State.Running}}' lakebase-mock)" = true ]
  fi
}

for _ in $(seq 1200); do
  url=$(ready_url)
  if [ -n "$url" ]; then
    {
      echo "DATABRICKS_HOST=$url"
      echo "DATABRICKS_TOKEN=${MOCK_TOKEN:-mock-ci}"
    } >>"${GITHUB_ENV:-/dev/stdout}"
    echo "url=$url" >>"${GITHUB_OUTPUT:-/dev/stdout}"
    exit 0
  fi
  running || failed "ended before it was ready"
  sleep 0.25
done
failed "was not ready within five minutes"
