#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts the mock in the background of a workflow, waits until it is ready, and tells later steps.
set -euo pipefail

port=${MOCK_PORT:-4610} log=${RUNNER_TEMP:-/tmp}/lakebase-mock.log
url=http://127.0.0.1:$port
read -r -a flags <<<"${MOCK_FLAGS:-}"

if [ -n "${MOCK_IMAGE:-}" ]; then
  docker run -d --name lakebase-mock --read-only -p "127.0.0.1:$port:4610" "$MOCK_IMAGE" \
    serve "${flags[@]}" >/dev/null
else
  top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  RUNNER_TRACKING_ID='' setsid nohup "$top/run" --listen "127.0.0.1:$port" "${flags[@]}" \
    </dev/null >"$log" 2>&1 &
fi

for _ in $(seq 1200); do
  if curl -fsS -o /dev/null "$url/_mock/ready" 2>/dev/null; then
    {
      echo "DATABRICKS_HOST=$url"
      echo "DATABRICKS_TOKEN=${MOCK_TOKEN:-mock-ci}"
    } >>"${GITHUB_ENV:-/dev/stdout}"
    echo "url=$url" >>"${GITHUB_OUTPUT:-/dev/stdout}"
    exit 0
  fi
  sleep 0.25
done
echo "lakebase-mock was not ready within five minutes" >&2
[ -n "${MOCK_IMAGE:-}" ] && docker logs lakebase-mock >&2 || cat "$log" >&2
exit 1
