#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run by `meson dist` on the folder that it packs: every file gets the date of the commit, and the
# same permissions whoever packs, so that one commit gives one archive.
set -eu
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$MESON_SOURCE_ROOT" log -1 --format=%ct)}
chmod -R u=rwX,go=rX "$MESON_DIST_ROOT"
find "$MESON_DIST_ROOT" -depth -exec touch -h -d "@$epoch" {} +
