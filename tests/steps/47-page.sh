# SPDX-License-Identifier: Apache-2.0
# title: the web page, the report and the site of the docs in a headless Chromium: light, dark, narrow, keyboard, axe
# needs: tests/page/page.test.mjs
# tier: all
# lane: light
# shares: site
# limit: 900
. tests/steps/lib.sh

docker/deps.sh page postgres
configure "$OUT" --buildtype=debugoptimized
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -lt 18 ] || ! (command -v chromium || command -v chromium-browser || command -v google-chrome) >/dev/null; then
  echo "left out: there is no Chromium or no Node 18 here (Ubuntu has Chromium as a snap only)"
  echo "0 0 1" >"$COUNTS"
  exit 0
fi
dir=$OUT/page
mkdir -p "$dir"
export SITE_VENV=$OUT/venv-site
fetched docs/site.sh --quiet --site-dir "$OUT/page-site"
cp tests/page/package.json tests/page/package-lock.json tests/page/*.mjs "$dir"
(cd "$dir" && fetched npm ci --no-audit --no-fund --loglevel=error)
export SITE=$OUT/page-site PICTURES=$TOP/docs/pictures LAKEBASE_MOCK=$OUT/server/lakebase-mock
status=0
(cd "$dir" && node --test --test-reporter=tap --test-concurrency=1 page.test.mjs pictures.test.mjs site.test.mjs) | tee "$OUT/logs/page.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/page.tap" >"$COUNTS"
exit "$status"
