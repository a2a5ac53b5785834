#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# packages.sh FOLDER: each package that docker/packages.sh left there, installed where there is no
# compiler, and used. TAP. Packages for another processor need an emulator behind execve: foreign.sh.
# With BARE=1 the machine is there for nothing else, and the .deb is really installed.
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
path=$PATH
export PATH=$work/bin:$PATH
unset LAKEBASE_MOCK

# drives FOLDER: its lakebasectl makes a project and finds it again; its suite plays cheap cases there, and on the
# mock beside it.
drives() {
  "$1/lakebasectl" project create kept >/dev/null && "$1/lakebasectl" project get kept | grep kept >/dev/null &&
    "$1/lakebase-conformance" --target "$DATABRICKS_HOST" --token-each mock-each- --profile cheap --run "$quick" &&
    "$1/lakebase-conformance" --run "$quick"
}
quick='lakebase.project*'

# explained SHARE BASH: the manual of both programs is in SHARE, and completion for three shells.
explained() {
  local program shell text
  for program in lakebase-mock lakebasectl; do
    text=$(zcat -f "$1/man/man1/$program".1*) && [[ $text == .TH* ]] || return
    for shell in "$2" "*/_$program" "*/$program.fish"; do
      [ -n "$(find "$1" -path "*${shell//PROGRAM/$program}" -size +100c)" ] || { echo "no $shell for $program"; return 1; }
    done
  done
}
# licensed FILE...: their text, together, has the licence of the programs and those of the libraries in them.
licensed() {
  local text word
  text=$(cat "$@") || return
  for word in 'Apache License' '==== libevent-dev ====' '==== libcurl4-openssl-dev ====' '==== libc6-dev ===='; do
    [[ $text == *"$word"* ]] || { echo "no $word"; return 1; }
  done
}
# versions FOLDER: its programs tell one version.
versions() { for each in lakebase-mock lakebasectl lakebase-conformance; do "$1/$each" --version; done | grep -oE '[0-9.]+$' | uniq | wc -l | grep -x 1; }
tarball() {
  local bin
  tar -C "$work" -xzf "$folder"/lakebase-mock-*-linux-*.tar.gz && bin=$(echo "$work"/lakebase-mock-*/bin) &&
    licensed "$bin"/../LICENSE* && explained "$bin/../share" '/PROGRAM.bash' && versions "$bin" &&
    serves "$bin/lakebase-mock" serve -- drives "$bin"
}
deb() {
  dpkg-deb -x "$folder"/lakebase-mock_*.deb "$work/deb" && dpkg-deb -f "$folder"/lakebase-mock_*.deb Version >/dev/null &&
    serves "$work/deb/usr/bin/lakebase-mock" serve && explained "$work/deb/usr/share" '/completions/PROGRAM' &&
    licensed "$work/deb/usr/share/doc/lakebase-mock/copyright" &&
    [ -s "$work/deb/usr/lib/systemd/system/lakebase-mock.service" ] &&
    if [ -n "${BARE:-}" ]; then installed; fi
}
# installed: by dpkg, on a machine that is there for nothing else; what it asks systemd for is written down.
installed() {
  local said=$work/systemctl told
  mkdir -p /run/systemd/system /var/lib/lakebase-mock && printf '#!/bin/sh\necho "$@" >>"%s"\n' "$said" >/usr/local/bin/systemctl &&
    chmod +x /usr/local/bin/systemctl && dpkg -i "$folder"/lakebase-mock_*.deb && serves lakebase-mock serve -- lakebasectl project list &&
    [ "$(cat "$said")" = daemon-reload ] && dpkg -i "$folder"/lakebase-mock_*.deb && grep 'try-restart' "$said" &&
    [ -d /var/lib/lakebase-mock ] && told=$(dpkg -P lakebase-mock 2>&1) && grep '^stop' "$said" && grep 'disable' "$said" &&
    [ ! -e /var/lib/lakebase-mock ] && [[ $told != *warning* ]]
}
# pip_install VENV: a wheel for another processor is put where pip puts those for this one.
pip_install() {
  local pip=("$1/bin/pip" -q --disable-pip-version-check install) file site
  file=$(echo "$folder"/lakebase_mock-*.whl)
  python3 -m venv "$1" && "${pip[@]}" pytest &&
    case $file in
      *_"$(uname -m)".whl) "${pip[@]}" "$file" ;;
      *)
        site=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))') &&
          "${pip[@]}" --no-deps --only-binary=:all: --platform "$(sed 's/.*-\(manylinux[^.]*\).*/\1/' <<<"$file")" \
            --target "$site" "$file" && mv "$site"/bin/lakebase* "$1/bin/"
        ;;
    esac
}
wheel() {
  pip_install "$work/venv" && serves "$work/venv/bin/lakebase-mock" serve -- "$work/venv/bin/lakebasectl" project list &&
    (cd "$work" && "$work/venv/bin/lakebase-conformance" --list | grep '^lakebase\.' >/dev/null) &&
    cat >"$work/test_it.py" <<'PY' && (cd "$work" && "$work/venv/bin/pytest" -q -p no:cacheprovider test_it.py)
import urllib.request


def test_the_wheel_is_all_it_takes(lakebase_env):
    request = urllib.request.Request(lakebase_env.url + "/api/2.0/postgres/projects",
                                     headers={"Authorization": "Bearer " + lakebase_env.token})
    assert urllib.request.urlopen(request).status == 200
    assert len(lakebase_env.journal(rpc="ListProjects")) == 1
PY
}
# What those who define the tags say of the wheel: manylinux2014 is 2_17, and what runs on older ones fits, too.
auditwheel() {
  "$work/venv/bin/pip" -q --disable-pip-version-check install auditwheel &&
    "$work/venv/bin/auditwheel" show "$folder"/lakebase_mock-*.whl | tr '\n' ' ' |
    grep -E 'consistent with the following platform tag: *"manylinux_2_(5|12|17)_.*requires no external shared libraries'
}
# This one needs a compiler: meson builds the programs while pip installs. Whether it can is asked here, not how
# fast they are.
sdist() {
  python3 -m venv "$work/built" && PATH=$path CFLAGS=-O0 "$work/built/bin/pip" -q --disable-pip-version-check install \
    "$folder"/lakebase_mock-*[0-9].tar.gz &&
    serves "$work/built/bin/lakebase-mock" serve -- "$work/built/bin/lakebasectl" project list &&
    (cd "$work" && "$work/built/bin/lakebase-conformance" --list | grep '^lakebase\.' >/dev/null)
}
# Each program in the wheel needs no library of the system.
alone() {
  python3 -m zipfile -e "$folder"/lakebase_mock-*.whl "$work/wheel" && licensed $(find "$work/wheel" -name 'LICENSE*') &&
    [ "$(ls "$work/wheel/lakebase_mock/bin" | wc -l)" = 3 ] &&
    for each in "$work"/wheel/lakebase_mock/bin/*; do
      ! readelf -lW "$each" | grep -w INTERP && ! readelf -dW "$each" | grep NEEDED || return
    done
}
npm_package() {
  local platform
  platform=$(echo "$folder"/lakebase-mock-linux-*.tgz)
  mkdir "$work/node" && cd "$work/node" && echo '{"type": "module"}' >package.json &&
    npm install --silent --no-audit --no-fund --offline --omit=optional --force "$platform" \
      "$folder"/lakebase-mock-[0-9]*.tgz >/dev/null &&
    if [ ! -d "node_modules/@lakebase-mock/linux-$(node -p process.arch)" ]; then
      # this node looks for the package of its own processor
      LAKEBASE_MOCK=$(echo "$PWD"/node_modules/@lakebase-mock/linux-*/bin/lakebase-mock)
      export LAKEBASE_MOCK
    fi &&
    licensed node_modules/@lakebase-mock/linux-*/LICENSE* &&
    node_modules/.bin/lakebase-mock version | grep lakebase-mock >/dev/null &&
    cat >it.js <<'JS' && node it.js
import { startMock } from "lakebase-mock";
const mock = await startMock();
const ws = mock.workspace();
await fetch(`${ws.url}/api/2.0/postgres/projects`, { headers: { authorization: `Bearer ${ws.token}` } });
if ((await ws.journal()).length !== 1) throw new Error("no row");
await mock.stop();
JS
}
jar() { python3 -m zipfile -l "$folder"/lakebase-mock-junit5-*.jar | grep META-INF/LICENSE; }
# The image as an engine would start it, but for the network.
image() {
  local layer
  mkdir "$work/oci" "$work/root" && tar -C "$work/oci" -xf "$folder"/*.oci.tar &&
    for layer in "$work"/oci/blobs/sha256/*; do
      [ "$(head -c 2 "$layer" | od -An -tx1)" != " 1f 8b" ] || tar --no-same-owner -C "$work/root" -xzf "$layer" || return
    done && serves chroot "$work/root" /lakebase-mock serve -- in_image
}
in_image() { chroot "$work/root" /lakebase-mock wait --url "$DATABRICKS_HOST" --timeout 20s; }

# ---- the lines of the README, as they stand there ----
readme=${here%/tests/package}/README.md
# line_of WORDS: the command in its table of packages that begins so.
line_of() { grep -o "^|[^|]*| *\`$1[^\`]*\`" "$readme" | sed 's/.*`\(.*\)`/\1/' | grep .; }
# reader: an empty folder with build-packages in it.
reader() { rm -rf "$work/reader" && mkdir "$work/reader" && cd "$work/reader" && ln -s "$folder" build-packages; }
readme_names() { # what is packed elsewhere or not at all here is not missed
  local name bad=0
  reader || return
  for name in $(grep -o 'build-packages/[^`| ]*' "$readme" | sort -u); do
    case $name in *.jar | *.oci.tar) there "*.${name##*.}" || continue ;; esac
    compgen -G "$name" || { echo "there is no $name"; bad=1; }
  done
  return "$bad"
}
readme_pip() {
  local line
  line=$(line_of 'pip install') && reader && python3 -m venv .venv && . .venv/bin/activate &&
    PIP_DISABLE_PIP_VERSION_CHECK=1 bash -c "$line" && [ "$(command -v lakebase-mock)" = "$PWD/.venv/bin/lakebase-mock" ] &&
    serves lakebase-mock serve -- lakebasectl project list
  local status=$?
  deactivate
  return "$status"
}
readme_npm() {
  local line
  line=$(line_of 'npm install') && reader && bash -c "$line --no-audit --no-fund" && npx --no-install lakebase-mock --version
}
readme_apt() {
  local line
  line=$(line_of 'apt install') && reader && bash -c "${line/#apt/apt-get --simulate}" | grep '^Inst lakebase-mock'
}

there() { compgen -G "$folder/$1" >/dev/null; }
for each in tarball deb wheel; do check "the $each works without a compiler" "$each"; done
check 'the programs of the wheel stand alone, with their licences' alone
check 'auditwheel agrees with the tag of the wheel' auditwheel
if [ -n "${BARE:-}" ] || ! there 'lakebase_mock-*.tar.gz'; then skip 'the source archive for pip' 'not packed, or no compiler'
else check 'pip builds the source archive' sdist; fi
if [ "$(id -u)" != 0 ] || ! there '*.oci.tar'; then skip image 'no image, or not root'
else check 'the image starts and is healthy' image; fi
if ! there 'lakebase-mock-linux-*.tgz'; then skip npm 'not packed'
elif command -v npm >/dev/null; then check "the npm package works without a compiler" npm_package
else skip npm 'no npm here'; fi
if there 'lakebase-mock-junit5-*.jar'; then check 'the jar has its licence' jar; fi
check 'each file that the README names is packed' readme_names
if ! there "*_$(uname -m).whl"; then skip 'the lines of the README' 'packages for another processor'
else
  check "the README's line for pip" readme_pip
  if there 'lakebase-mock-linux-*.tgz' && command -v npm >/dev/null; then check "the README's line for npm" readme_npm; fi
  if command -v apt-get >/dev/null; then check "the README's line for apt" readme_apt; fi
fi
finish
