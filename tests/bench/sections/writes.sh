# SPDX-License-Identifier: Apache-2.0
# Each write in processor time, against a bare program that commits the same rows over HTTP; with
# BENCH_COUNT in instructions, for a machine that is busy with something else.
if [ -n "${BENCH_COUNT:-}" ]; then
  unit=k
  python3 $here/writes.py --count "$server" "$bin/bare_writes" >"$work/writes"
else
  unit=' us'
  python3 $here/writes.py "$server" "$bin/bare_writes" "${BENCH_WRITES:-2000}" 5 >"$work/writes"
fi
while read -r step store rows ours theirs ratio; do
  case $step in create-project) goal='>= 0.50' ;; *) goal= ;; esac
  row "bare / $step ($rows rows, $store)" "$ratio" "$goal"
  echo "  $ours$unit, bare $theirs$unit" >&3
done <"$work/writes"
