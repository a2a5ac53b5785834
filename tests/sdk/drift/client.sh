# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
title="what the installed Python SDK knows and our tables do not"
missing() { have python3 3.10; }
install() { python_env; }
run() { "$PYTHON" -m pytest --junitxml "$JUNIT" .; }
