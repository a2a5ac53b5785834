# SPDX-License-Identifier: Apache-2.0
# Each write in processor time, against a bare program that commits the same rows over HTTP.
python3 $here/writes.py "$server" "$bin/bare_writes" "${BENCH_WRITES:-2000}" 5 >"$work/writes"
while read -r step store rows ours theirs ratio; do
  case $step in create-project) goal='>= 0.50' ;; *) goal= ;; esac
  row "bare / $step ($rows rows, $store)" "$ratio" "$goal"
  echo "  $ours us, bare $theirs us" >&3
done <"$work/writes"
