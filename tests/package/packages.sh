#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# packages.sh FOLDER: each package that docker/packages.sh left there, installed where there is no
# compiler, and used. TAP.
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/tap.sh"
folder=$(cd -P "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What would compile fails, instead of being missed.
mkdir "$work/bin"
for tool in cc gcc clang c++ g++ meson ninja make; do
  printf '#!/bin/sh\necho "%s is not to be used here" >&2\nexit 1\n' "$tool" >"$work/bin/$tool"
  chmod +x "$work/bin/$tool"
done
export PATH=$work/bin:$PATH
unset LAKEBASE_MOCK

# serves PROGRAM: it starts, says so, and ends when told.
serves() {
  local line pid
  coproc SERVER { exec "$1" serve --listen 127.0.0.1:0 --log off; }
  pid=$SERVER_PID
  read -r -t 10 -u "${SERVER[0]}" line
  kill "$pid"
  wait "$pid" 2>/dev/null
  [[ $line == *'"ready":true'* ]]
}

tarball() {
  tar -C "$work" -xzf "$folder"/lakebase-mock-*-linux-*.tar.gz &&
    serves "$(echo "$work"/lakebase-mock-*/bin/lakebase-mock)" &&
    "$work"/lakebase-mock-*/bin/lakebasectl --version >/dev/null
}
deb() {
  dpkg-deb -x "$folder"/lakebase-mock_*.deb "$work/deb" && dpkg-deb -f "$folder"/lakebase-mock_*.deb Version >/dev/null &&
    serves "$work/deb/usr/bin/lakebase-mock" && [ -s "$work/deb/usr/share/man/man1/lakebase-mock.1.gz" ] &&
    [ -s "$work/deb/lib/systemd/system/lakebase-mock.service" ]
}
wheel() {
  python3 -m venv "$work/venv" &&
    "$work/venv/bin/pip" -q --disable-pip-version-check install "$folder"/lakebase_mock-*.whl pytest &&
    serves "$work/venv/bin/lakebase-mock" && "$work/venv/bin/lakebasectl" --version >/dev/null &&
    (cd "$work" && "$work/venv/bin/lakebase-conformance" --list | grep -q '^lakebase\.') &&
    cat >"$work/test_it.py" <<'PY' && (cd "$work" && "$work/venv/bin/pytest" -q -p no:cacheprovider test_it.py)
import urllib.request


def test_the_wheel_is_all_it_takes(lakebase_env):
    request = urllib.request.Request(lakebase_env.url + "/api/2.0/postgres/projects",
                                     headers={"Authorization": "Bearer " + lakebase_env.token})
    assert urllib.request.urlopen(request).status == 200
    assert len(lakebase_env.journal(rpc="ListProjects")) == 1
PY
}
npm_package() {
  mkdir "$work/node" && cd "$work/node" && echo '{"type": "module"}' >package.json &&
    npm install --silent --no-audit --no-fund --offline --omit=optional "$folder"/lakebase-mock-linux-*.tgz \
      "$folder"/lakebase-mock-[0-9]*.tgz >/dev/null &&
    node_modules/.bin/lakebase-mock version | grep -q lakebase-mock &&
    cat >it.js <<'JS' && node it.js
import { startMock } from "lakebase-mock";
const mock = await startMock();
const ws = mock.workspace();
await fetch(`${ws.url}/api/2.0/postgres/projects`, { headers: { authorization: `Bearer ${ws.token}` } });
if ((await ws.journal()).length !== 1) throw new Error("no row");
await mock.stop();
JS
}

for each in tarball deb wheel; do check "the $each works without a compiler" "$each"; done
if command -v npm >/dev/null; then check "the npm package works without a compiler" npm_package; else skip npm "no npm here"; fi
finish
