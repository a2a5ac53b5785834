#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Drives the published clients against a started server and says which were left out.
#
#   tests/sdk/run.sh               every client that is part of the default run
#   tests/sdk/run.sh NAME...       these only, also opt-in ones
#   tests/sdk/run.sh --list        the clients, and what each needs
#
# LAKEBASE_MOCK   the server to start (default: the first of build, build-test, build-release)
# SDK_OUT         folder for the JUnit files, one NAME.xml a client (default: build-sdk/reports)
# SDK_CACHE       folder for what is downloaded and built (default: build-sdk)
# SDK_UPDATE=1    write what was observed into the pinned tables instead of comparing
#
# Each client runs with a HOME of its own, a server of its own and the workspace token `mock-NAME`.
# A client is a folder with a client.sh; README.md tells what that file has to hold.
set -uo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=${here%/tests/sdk}
SDK_CACHE=${SDK_CACHE:-$TOP/build-sdk}
SDK_OUT=${SDK_OUT:-$SDK_CACHE/reports}
export TOP SDK_CACHE SDK_OUT

usage() { sed -n '3,16s/^# \{0,1\}//p' "$0"; }

find_binary() {
  local dir
  [ -z "${LAKEBASE_MOCK:-}" ] || return 0
  for dir in build build-test build-release; do
    LAKEBASE_MOCK=$TOP/$dir/server/lakebase-mock
    [ ! -x "$LAKEBASE_MOCK" ] || return 0
  done
  echo "run.sh: no server; build it (meson compile -C build) or set LAKEBASE_MOCK" >&2
  exit 2
}

# What a client.sh must define, empty until it does.
clear_client() {
  title='' optin=''
  missing() { :; }
  install() { :; }
  run() { false; }
}

# Go 1.21 and newer fetches the toolchain that a module asks for, as a module; Debian's is told not to.
export GOTOOLCHAIN=${GOTOOLCHAIN:-auto}

# older A B: version A comes before version B.
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# have COMMAND [VERSION]: says what is missing when the command is not there or too old.
have() {
  local found newer
  if ! command -v "$1" >/dev/null 2>&1; then echo "no $1"; return; fi
  [ -n "${2:-}" ] || return 0
  case $1 in
    go)
      found=$(cd / && go env GOVERSION | sed 's/^go//')
      if older "$found" "$2" && newer=$(cd / && GOTOOLCHAIN=go$2.0 go env GOVERSION 2>/dev/null); then
        found=${newer#go}
      fi
      ;;
    java) found=$(java -version 2>&1 | sed -n 's/.*version "\([0-9.]*\).*/\1/p') ;;
    *) found=$("$1" --version | grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1) ;;
  esac
  ! older "$found" "$2" ||
    echo "$1 is ${found:-of an unknown version}; $2 is needed"
}

# newer_go VERSION: Go before 1.21 cannot change itself for a newer one, but that is a module like any other.
newer_go() {
  local dir=$SDK_CACHE/go$1 from
  if [ ! -x "$dir/bin/go" ]; then
    from=$(cd / && GOFLAGS=-mod=mod go mod download -json "golang.org/toolchain@v0.0.1-go$1.linux-$(go env GOARCH)" |
      python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])') 2>/dev/null || return
    rm -rf "$dir" && mkdir -p "$SDK_CACHE" && cp -r "$from" "$dir" && chmod -R u+w "$dir" &&
      chmod +x "$dir"/pkg/tool/*/* "$dir"/bin/* || return
  fi
  PATH=$dir/bin:$PATH
}
if command -v go >/dev/null 2>&1 && older "$(cd / && go env GOVERSION | sed 's/^go//')" 1.21; then newer_go 1.26.8; fi

# python_env: the locked Python packages; sets $PYTHON.
python_env() {
  local dir=$SDK_CACHE/venv want base=/usr/bin/python3
  [ -x "$base" ] || base=python3
  want=$("$base" --version; cat "$here/requirements.txt")
  PYTHON=$dir/bin/python
  [ "$(cat "$dir/.want" 2>/dev/null)" != "$want" ] || return 0
  rm -rf "$dir"
  "$base" -m venv "$dir" &&
    "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" &&
    printf '%s\n' "$want" >"$dir/.want"
}

# go_program NAME MODULE VERSION SUM PACKAGE LDFLAGS: builds a program where the module cache keeps
# its module, into $SDK_CACHE/bin; SUM is what the module must add up to.
go_program() {
  local name=$1 module=$2 version=$3 sum=$4 dir=$SDK_CACHE/bin answer folder found
  [ "$(cat "$dir/.$name" 2>/dev/null)" != "$version" ] || return 0
  mkdir -p "$dir" || return 1
  answer=$(cd "$dir" && GOFLAGS=-mod=mod GOWORK=off go mod download -json "$module@$version") || {
    echo "$answer"
    return 1
  }
  read -r folder found <<<"$(python3 -c 'import json,sys
answer = json.load(sys.stdin)
print(answer["Dir"], answer["Sum"])' <<<"$answer")"
  [ "$found" = "$sum" ] || { echo "$module@$version has the sum $found, not $sum"; return 1; }
  (cd "$folder" && go build -o "$dir/$name" -ldflags "-s -w $6" "$5") &&
    echo "$version" >"$dir/.$name"
}

mock_pid=
stop_mock() {
  [ -n "$mock_pid" ] || return 0
  kill "$mock_pid" 2>/dev/null
  wait "$mock_pid" 2>/dev/null
  mock_pid=
}

# start_mock LOG: a server on a free port; exports MOCK_URL.
start_mock() {
  local port_file i
  port_file=$(mktemp -u)
  "$LAKEBASE_MOCK" serve --listen 127.0.0.1:0 --port-file "$port_file" >"$1" 2>&1 &
  mock_pid=$!
  for i in $(seq 1200); do
    [ ! -s "$port_file" ] || break
    kill -0 "$mock_pid" 2>/dev/null || break
    sleep 0.05
  done
  if [ ! -s "$port_file" ]; then
    echo "run.sh: the server did not start:" >&2
    cat "$1" >&2
    stop_mock
    return 1
  fi
  MOCK_URL=http://127.0.0.1:$(cat "$port_file")
  rm -f "$port_file"
  export MOCK_URL
}

# run_client NAME: 0 passed, 1 failed, 77 left out.
run_client() {
  local name=$1 status=0 lacks home log=$SDK_OUT/$1.log started=$SECONDS
  clear_client
  # shellcheck source=/dev/null
  . "$here/$name/client.sh"
  lacks=$(missing)
  if [ -n "$lacks" ]; then
    printf 'left out: %s (%s)\n' "$name" "$lacks"
    return 77
  fi
  printf '== %s: %s\n' "$name" "$title"
  JUNIT=$SDK_OUT/$name.xml
  rm -f "$JUNIT"
  # What it fetches may not come at once; what is there already is kept.
  if ! install >"$log" 2>&1 && ! { echo "   $name is installed once more" && install >>"$log" 2>&1; }; then
    cat "$log"
    printf '   %s could not be installed\n' "$name"
    return 1
  fi
  start_mock "$SDK_OUT/$name.server.log" || return 1
  home=$(mktemp -d)
  (
    cd "$here/$name" || exit 1
    # Nothing that a developer has configured may reach the client.
    for var in $(compgen -v | grep -E '^(DATABRICKS|LAKEBASE_MOCK_|PG|ARM_|XDG_)'); do unset "$var"; done
    export HOME=$home DATABRICKS_HOST=$MOCK_URL DATABRICKS_TOKEN=mock-$name
    export JUNIT PYTHON MOCK_URL LAKEBASE_MOCK
    run
  ) >>"$log" 2>&1 || status=1
  if [ -n "${SDK_UPDATE:-}" ]; then
    python3 "$here/harness/card.py" "$MOCK_URL" "$name" || status=1
  fi
  stop_mock
  rm -rf "$home"
  [ -s "$JUNIT" ] || status=1
  [ "$status" = 0 ] || cat "$log"
  python3 "$here/harness/count.py" "$JUNIT" $((SECONDS - started)) || status=1
  return "$status"
}

names=()
for arg in "$@"; do
  case $arg in
    --list)
      for file in "$here"/*/client.sh; do
        clear_client
        # shellcheck source=/dev/null
        . "$file"
        lacks=$(missing)
        printf '%-14s %s%s%s\n' "$(basename "$(dirname "$file")")" "$title" \
          "${optin:+ [opt-in]}" "${lacks:+ [left out: $lacks]}"
      done
      exit 0
      ;;
    -h | --help) usage; exit 0 ;;
    *)
      [ -f "$here/$arg/client.sh" ] || { echo "run.sh: no client '$arg'; see --list" >&2; exit 2; }
      names+=("$arg")
      ;;
  esac
done
if [ ${#names[@]} = 0 ]; then
  for file in "$here"/*/client.sh; do
    clear_client
    # shellcheck source=/dev/null
    . "$file"
    [ -n "$optin" ] || names+=("$(basename "$(dirname "$file")")")
  done
fi

find_binary
export LAKEBASE_MOCK
mkdir -p "$SDK_OUT" && rm -rf "$SDK_OUT/verdicts" || exit 1
trap stop_mock EXIT
trap 'exit 130' INT TERM HUP
failed=() left_out=() ran=()
for name in "${names[@]}"; do
  run_client "$name"
  case $? in
    0) ran+=("$name") ;;
    77) left_out+=("$name") ;;
    *) failed+=("$name") ;;
  esac
done
if [ -n "${SDK_UPDATE:-}" ]; then python3 "$here/harness/verdicts.py" update; fi
[ ${#ran[@]} = 0 ] || echo "passed: ${ran[*]}"
[ ${#left_out[@]} = 0 ] || echo "left out: ${left_out[*]}"
[ ${#failed[@]} = 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
