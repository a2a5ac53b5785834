# SPDX-License-Identifier: Apache-2.0
# title: the recipes and the pytest plugin
# needs: server/main.c tests/sdk/requirements.txt
# tier: all
# lane: light
# shares: maven
# limit: 900
. tests/steps/lib.sh

docker/deps.sh sdk postgres
configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/requirements.txt
export LAKEBASE_MOCK=$OUT/server/lakebase-mock
SQL_PORT=$(python3 tests/support/ports.py)
export SQL_PORT
status=0 passed=0 failed=0 skipped=0
# add COUNTER FILE...: adds what a log counted.
add() {
  local p f s
  read -r p f s < <(python3 tests/steps/count.py "$@" || echo 0 1 0)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}
# alone NAME COMMAND...: one thing that works or does not.
alone() {
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
# left_out NAME WHY
left_out() { skipped=$((skipped + 1)); echo "left out: $1 ($2)"; }

# The package as a user installs it, not as a folder on the path.
plugin=$OUT/plugin
# Built from a copy: pip leaves files beside the source, which another step may be packing.
rm -rf "$OUT/plugin-source" && cp -r client/python "$OUT/plugin-source"
fetched "$PYTHON" -m pip install --quiet --disable-pip-version-check --upgrade --force-reinstall --no-deps \
  --target "$plugin" "$OUT/plugin-source"
for tests in client/python/tests docs/recipes/pytest docs/recipes/sqlalchemy docs/recipes/testcontainers/python; do
  xml=$OUT/logs/recipes-$(tr / - <<<"$tests").xml
  rm -f "$xml"
  PYTHONPATH=$plugin "$PYTHON" -m pytest -q -p no:cacheprovider \
    --junitxml "$xml" "$tests" || [ $? = 5 ] || status=1
  add junit "$xml"
done

# The Go module that needs nothing but the standard library is run, and compiled for the machines of others; the
# other one is compiled.
(cd client/go && go vet ./... && GOOS=darwin go vet ./... && GOOS=windows go vet ./... && go test -count=1 -timeout 10m -json ./...) \
  >"$OUT/logs/recipes-go.json" || { status=1; grep Output "$OUT/logs/recipes-go.json"; }
add gotest "$OUT/logs/recipes-go.json"
alone testcontainers-go fetched sh -c 'cd docs/recipes/testcontainers/go && go vet ./...'

if command -v node >/dev/null; then
  (cd client/npm && node --test --test-reporter=tap) >"$OUT/logs/recipes-npm.tap" ||
    { status=1; cat "$OUT/logs/recipes-npm.tap"; }
  add tap "$OUT/logs/recipes-npm.tap"
  mkdir -p "$OUT/lakebase-node"
  cp docs/recipes/lakebase-node/*.json docs/recipes/lakebase-node/*.mjs "$OUT/lakebase-node"
  if (cd "$OUT/lakebase-node" && fetched npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
    (cd "$OUT/lakebase-node" && node --test --test-reporter=tap) >"$OUT/logs/recipes-lakebase-node.tap" ||
      { status=1; cat "$OUT/logs/recipes-lakebase-node.tap"; }
    add tap "$OUT/logs/recipes-lakebase-node.tap"
  else
    left_out lakebase-node 'its packages cannot be fetched'
  fi
else
  left_out npm 'no Node.js'
  left_out lakebase-node 'no Node.js'
fi

if command -v mvn >/dev/null; then
  rm -rf client/java/target
  (cd client/java && fetched mvn -q -B test-compile && mvn -q -B test) || status=1
  add junit client/java/target/surefire-reports/*.xml
  alone testcontainers-java fetched sh -c 'cd docs/recipes/testcontainers/java && mvn -q -B test-compile'
  rm -rf "$OUT/spring"
  cp -r docs/recipes/spring "$OUT/spring"
  if (cd "$OUT/spring" && fetched mvn -q -B test-compile); then
    (cd "$OUT/spring" && mvn -q -B test) >"$OUT/logs/recipes-spring.log" 2>&1 || { status=1; cat "$OUT/logs/recipes-spring.log"; }
    add junit "$OUT"/spring/target/surefire-reports/*.xml
  else
    left_out spring 'its packages cannot be fetched'
  fi
else
  left_out spring 'no Maven'
  left_out junit5 'no Maven'
  left_out testcontainers-java 'no Maven'
fi

(cd "$OUT" && GOBIN=$OUT/bin fetched go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.7) ||
  left_out actionlint "this Go cannot build it"
PATH=$OUT/bin:$PATH "$PYTHON" -m pytest -q -p no:cacheprovider --junitxml "$OUT/logs/recipes-files.xml" tests/package/test_files.py ||
  status=1
add junit "$OUT/logs/recipes-files.xml"
echo "$passed $failed $skipped" >"$COUNTS"
exit "$status"
