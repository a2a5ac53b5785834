# SPDX-License-Identifier: Apache-2.0
# What the steps share. Sourced by each; TOP, OUT and COUNTS come from ./test.
set -euo pipefail
cd "$TOP"

# Over a hundred programs are linked, which the usual linker takes a minute for when they are sanitized. Not exported:
# what docker/ builds is linked as a release is, or for another processor.
linker=${CC_LD-$(! command -v mold >/dev/null || echo mold)}
unset CC_LD

# A test that is not run says why: the summary repeats it.
export PYTEST_ADDOPTS="${PYTEST_ADDOPTS:-} -rs"

# configure_only DIR ARGS...: a build folder with warnings as errors, set up once, afresh if it is
# broken or asked for otherwise.
configure_only() {
  local dir=$1 ld=${CC_LD-$linker} want
  shift
  want="$TOP ${CC:-} $ld $*"
  if [ ! -f "$dir/build.ninja" ] || [ "$(cat "$dir/.want" 2>/dev/null)" != "$want" ]; then
    rm -rf "$dir/meson-private" "$dir/build.ninja" "$dir/.want"
    CC_LD=$ld meson setup "$dir" "$TOP" -Dwerror=true "$@" || return
    printf '%s\n' "$want" >"$dir/.want"
  fi
}

# configure DIR ARGS...: the same, and builds everything. One step at a time, as two ninjas in one
# folder would be in each other's way.
configure() {
  mkdir -p "$1"
  {
    flock 8
    configure_only "$@" && ninja -C "$1"
  } 8>"$1/.lock"
}

# meson_tests DIR ARGS...: run the tests of a build folder and count their cases.
meson_tests() {
  local dir=$1 status=0
  shift
  rm -f "$dir"/meson-logs/testlog.json
  meson test -C "$dir" --no-rebuild --print-errorlogs "$@" || status=$?
  python3 tests/steps/count.py meson "$dir/meson-logs/testlog.json" >"$COUNTS"
  return "$status"
}

# fetched COMMAND...: what a network is needed for, and once more if that fails.
fetched() {
  "$@" || { echo "It failed, and is tried once more: ${*:0:3}" && sleep 5 && "$@"; } # allowed: no limit of a test
}

# venv REQUIREMENTS: a Python environment with exactly these locked packages; sets $PYTHON.
venv() {
  local dir base=/usr/bin/python3 want
  dir=$OUT/venv-$(cksum <<<"$1" | cut -d' ' -f1)
  exec 8>"$dir.lock"
  flock 8
  [ -x "$base" ] || base=python3
  want=$("$base" --version; cat "$1")
  PYTHON=$dir/bin/python
  if [ "$(cat "$dir/.want" 2>/dev/null)" != "$want" ]; then
    rm -rf "$dir"
    "$base" -m venv "$dir" &&
      fetched "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$1" &&
      printf '%s\n' "$want" >"$dir/.want" || return
  fi
  exec 8>&-
}

# start_mock ARGS...: a server on a free port; sets $MOCK_URL and $MOCK_PID, exports DATABRICKS_HOST.
start_mock() {
  local ports=$OUT/port.$$ i
  rm -f "$ports"
  "${MOCK_BINARY:-$OUT/server/lakebase-mock}" serve --listen 127.0.0.1:0 --port-file "$ports" "$@" &
  MOCK_PID=$!
  for i in $(seq 1200); do
    [ ! -s "$ports" ] || break
    kill -0 "$MOCK_PID" 2>/dev/null || { echo "the server did not start"; return 1; }
    sleep 0.05
  done
  [ -s "$ports" ] || { echo "the server was not ready within a minute"; return 1; }
  MOCK_URL=http://127.0.0.1:$(cat "$ports")
  export DATABRICKS_HOST=$MOCK_URL MOCK_URL MOCK_PID
  rm -f "$ports"
  trap 'kill "$MOCK_PID" 2>/dev/null || true' EXIT
}
