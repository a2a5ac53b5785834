# SPDX-License-Identifier: Apache-2.0
# title: the examples of README and docs, run as they stand; the OpenAPI document is one; the site builds
# needs: tests/sdk/requirements.txt
# tier: all
# lane: light
# shares: site
# limit: 900
. tests/steps/lib.sh

docker/deps.sh postgres
configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/requirements.txt
export PYTHON LAKEBASE_MOCK=$OUT/server/lakebase-mock LAKEBASECTL=$OUT/client/lakebasectl
[ -x "$LAKEBASECTL" ] || unset LAKEBASECTL
status=0
python3 tests/docs/run.py --junit "$OUT/logs/docs.xml" README.md docs/*.md || status=$?
read -r p f s <<<"$(python3 tests/steps/count.py junit "$OUT/logs/docs.xml")"
# The OpenAPI document, by somebody else's idea of one.
venv tests/docs/requirements.txt
if "$PYTHON" -m openapi_spec_validator --schema 3.1 docs/openapi.json; then
  p=$((p + 1))
else
  f=$((f + 1)) status=1
fi
# The site: every page in its navigation, every link and anchor good.
if SITE_VENV=$OUT/venv-site fetched docs/site.sh --site-dir "$OUT/site"; then
  p=$((p + 1))
else
  f=$((f + 1)) status=1
fi
echo "$p $f $s" >"$COUNTS"
exit "$status"
