# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="@databricks/lakebase, the driver for Node.js"
missing() { have node 20; have npm; }
install() {
  local dir=$SDK_CACHE/node
  mkdir -p "$dir" &&
    cp "$here/node/package.json" "$here/node/package-lock.json" "$here/node"/*.mjs "$dir" &&
    npm ci --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error
}
run() {
  local status=0
  cd "$SDK_CACHE/node" || return 1
  node --test --test-reporter=junit --test-reporter-destination="$JUNIT" \
    --test-reporter=spec --test-reporter-destination=stdout life.test.mjs || status=$?
  return "$status"
}
