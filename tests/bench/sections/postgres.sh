# SPDX-License-Identifier: Apache-2.0
# Clusters: wall times, so for a machine that does nothing else; memory as the kernel counts it.
if python3 tests/bench/postgres.py "$server" >"$work/postgres" 2>"$work/postgres.err"; then
  figure() { awk -v n="$1" '$1 == n { print $2 }' "$work/postgres"; }
  row 'wake of a sleeping endpoint' "$(figure wake) ms" '<= 400 ms'
  row 'first row on a sleeping endpoint' "$(figure first-row) ms" '<= 400 ms'
  row 'login and first row on an awake one / direct TLS' "$(figure awake)" '<= 1.5'
  row 'pgbench -S -c 8 through the front / direct TLS' "$(figure selects)" '>= 0.8'
  row 'the same in processor time, all sides' "$(figure selects-processor)" '>= 0.8'
  row 'p99 of a GET: nothing else goes on' "$(figure p99-quiet) ms" ''
  row 'p99 of a GET: 50 sessions pump directly' "$(figure p99-direct) ms" ''
  row 'p99 of a GET: 50 sessions pump through the front' "$(figure p99-front) ms" 'as directly'
  row 'branch of an awake cluster of 40 MB' "$(figure branch-awake) ms" '<= 1000 ms'
  row 'branch of a sleeping cluster of 40 MB' "$(figure branch-asleep) ms" '<= 1000 ms'
  row 'folders of 20 branches that were never connected to' "$(figure untouched-bytes)" '0'
  row '100 branches, 20 awake: memory (PSS), mock included' "$(figure awake-20-pss-mib) MiB" '<= 512 MiB'
else
  row "databases: $(tail -n 1 "$work/postgres.err")" '-' ''
fi
