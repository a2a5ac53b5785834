#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the site of docs/ into build-site, with mkdocs and its theme from a venv of their own.
#
#   docs/site.sh                   build it; open build-site/index.html
#   docs/site.sh --site-dir DIR    build it there
#
# Links to files outside docs/ lead into this checkout; for a site that is published, SITE_REPOSITORY is the
# address of the repository and SITE_URL that of the site.
set -euo pipefail
top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${SITE_VENV:-$top/build-site-venv}
if [ ! -x "$venv/bin/mkdocs" ]; then
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip --quiet --disable-pip-version-check install -r "$top/.github/site/requirements.txt"
fi
exec "$venv/bin/mkdocs" build --strict --config-file "$top/.github/site/mkdocs.yml" "$@"
