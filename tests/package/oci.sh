# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What the tests of images share: sourced. $oci is where the archive is unpacked, $config the digest of
# its configuration.
blob() { echo "$oci/blobs/$(tr : / <<<"$1")"; }
digests_hold() { (cd "$oci/blobs/sha256" && for f in *; do echo "$f  $f"; done | sha256sum -c --quiet); }
below() { [ "$1" -le "$2" ] || { echo "$1 is more than $2"; false; }; }
config() { jq -e "$1" "$(blob "$config")"; }
