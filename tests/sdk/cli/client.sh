# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="Databricks CLI"
missing() { have go 1.26; have python3 3.10; }
install() {
  local module=github.com/databricks/cli version=v1.12.1
  python_env && go_program databricks "$module" "$version" \
    h1:AEmFRA5foGObnxzgbk/1392DS+9dNsQWUY3sdZ1Reeo= . \
    "-X $module/internal/build.buildVersion=${version#v}"
}
run() {
  DATABRICKS_CLI=$SDK_CACHE/bin/databricks "$PYTHON" -m pytest -n 4 --junitxml "$JUNIT" .
}
