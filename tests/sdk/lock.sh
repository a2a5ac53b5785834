#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes requirements.txt anew from requirements.in: the newest versions that fit together.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.in
{
  echo "# Written by lock.sh from requirements.in; do not edit."
  "$dir/venv/bin/python" -m pip freeze --exclude pip --exclude setuptools
} >requirements.txt
