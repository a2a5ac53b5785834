# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="Databricks SDK for Java"
missing() { have java 17; have mvn; }
surefire=org.apache.maven.plugins:maven-surefire-plugin:3.5.4:test
maven() {
  mvn --batch-mode --no-transfer-progress --quiet -f "$here/java/pom.xml" \
    -DbuildFolder="$SDK_CACHE/java" "$@"
}
# Everything is fetched here; the tests then run offline. Maven itself knows its user not by HOME,
# the tests do: see pom.xml.
install() { maven test-compile "$surefire" -DskipTests; }
run() {
  local status=0
  rm -rf "$SDK_CACHE/java/reports"
  maven --offline "$surefire" || status=$?
  python3 "$here/harness/merge.py" "$JUNIT" "$SDK_CACHE"/java/reports/TEST-*.xml || status=1
  return "$status"
}
