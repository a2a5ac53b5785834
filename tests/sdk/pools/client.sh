# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="connection pools against databases that refuse them, or let go of them"
optin=1
jars="com.zaxxer:HikariCP:7.0.2
org.postgresql:postgresql:42.7.8
org.slf4j:slf4j-api:2.0.17
org.slf4j:slf4j-nop:2.0.17"
pools=$SDK_CACHE/pools
# What cannot be fetched or built here is left out, and its cases say so.
missing() { :; }
install_python() {
  python3 -m venv "$pools/venv" &&
    "$pools/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/pools/python/requirements.txt"
}
install_node() {
  mkdir -p "$pools/node" && cp "$here/pools/node"/*.json "$pools/node" &&
    npm ci --prefix "$pools/node" --ignore-scripts --no-audit --no-fund --loglevel=error
}
install_go() { (cd "$here/pools/go" && go build -o "$pools/pgxpool" .); }
install_java() {
  local jar
  for jar in $jars; do
    mvn -q -B dependency:copy -Dartifact="$jar" -DoutputDirectory="$pools/jars" || return 1
  done
  javac -cp "$pools/jars/*" -d "$pools/java" "$here/pools/java/Pool.java"
}
install() {
  local kind want
  mkdir -p "$pools"
  for kind in python node go java; do
    want=$(cat "$here/pools/client.sh" "$here/pools/$kind"/* | cksum)
    [ "$(cat "$pools/.$kind" 2>/dev/null)" != "$want" ] || continue
    rm -f "$pools/.$kind"
    if "install_$kind"; then echo "$want" >"$pools/.$kind"; else echo "left out: $kind"; fi
  done
  cp "$here/pools/node/pool.mjs" "$pools/node" 2>/dev/null || true
}
run() { python3 "$here/pools/pools.py" run "$pools" "$JUNIT"; }
