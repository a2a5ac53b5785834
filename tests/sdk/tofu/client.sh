# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="OpenTofu with the Databricks provider"
optin=1 # building the two takes 10 to 20 minutes the first time
missing() { have go 1.26.6; have python3 3.10; }
install() {
  python_env &&
    go_program tofu github.com/opentofu/opentofu v1.12.6 \
      h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98= ./cmd/tofu "" &&
    go_program terraform-provider-databricks \
      github.com/databricks/terraform-provider-databricks v1.126.0 \
      h1:7l8qjhd0HghdGe+dMej9DPvXgC/5iA5T8Bt/EX1FEpQ= . ""
}
run() { PROGRAMS=$SDK_CACHE/bin "$PYTHON" -m pytest --timeout 300 --junitxml "$JUNIT" .; }
