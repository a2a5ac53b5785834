# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="Databricks SDK for Python"
missing() { have python3 3.10; }
install() { python_env; }
run() { "$PYTHON" -m pytest -n 4 --junitxml "$JUNIT" .; }
