# SPDX-License-Identifier: Apache-2.0
# $1: the folder with postgres and initdb, $2: where the template is made, $3: its locale.
# PostgreSQL looks for extensions beside its program, so ours gets a program of its own: a copy of
# postgres in a tree that else consists of links.
set -eu
bin=$1 top=$2
"$bin/initdb" -D "$top/data" -U cloud_admin -A trust -E UTF8 --locale="$3" --wal-segsize=1 \
  --no-sync --no-instructions >"$top/initdb.log" 2>&1 || { tail -n 3 "$top/initdb.log" >&2; exit 1; }
share=$("$bin/initdb" --show -D "$top/none" -U cloud_admin 2>&1 | sed -n 's/^share_path=//p')
common=$bin
while case $share/ in "$common"/*) false ;; esac; do common=${common%/*}; done
here=$top/pg/${bin#"$common"/} there=$top/pg/${share#"$common"/}
mkdir -p "$here" "$there/extension"
cp --reflink=auto "$bin/postgres" "$here/postgres"
ln -s "$(dirname "$bin")/lib" "$(dirname "$here")/lib"
for f in "$share"/* "$share"/extension/*; do
  [ "$f" = "$share/extension" ] || ln -s "$f" "$there${f#"$share"}"
done
cp "$top"/files/* "$there/extension/"
printf '%s' "pg/${bin#"$common"/}/postgres" >"$top/program"
