# SPDX-License-Identifier: Apache-2.0
# title: the suites notice a server that is broken on purpose
# needs: tests/mutation/run.sh
# tier: all
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
# The day's number varies which generic changes are tried; a failure names the seed. About six or seven of 40
# live where five of six are noticed, and hardly ever fifteen: below the floor something is wrong.
seed=${MUTATION_SEED:-$(($(date +%s) / 86400))}
echo "seed $seed"
MUTATION_BUILD=$OUT tests/mutation/run.sh --sample 40 --seed "$seed" --least 65 --counts "$COUNTS"
