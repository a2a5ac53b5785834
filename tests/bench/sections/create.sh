# SPDX-License-Identifier: Apache-2.0
# Durable creates against a bare SQLite loop that commits the same rows, one transaction a create.
ratio_of_creates() {
  rm -f "$work"/db* "$work"/new*
  start_mock --db "$work/db" --set max_projects=100000000
  ours=$(rate "$url" 32 -s $here/create.lua)
  stop "$pid"
  theirs=$("$bin/bare_sqlite" "$work/db" "$work/new" | sed 's/.*"per_second": *\([0-9.]*\).*/\1/')
  echo "  $ours / $theirs" >&3
  calc '%.4f\n' "$ours / $theirs"
}
row 'durable create / bare SQLite loop' "$(for _ in 1 2 3; do ratio_of_creates; done | median)" '>= 0.50'
