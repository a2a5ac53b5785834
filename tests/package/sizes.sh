# SPDX-License-Identifier: Apache-2.0
# What the server may weigh, in MB: sourced. Releases are made on Debian 12; OpenSSL 3.5, which is Debian 13's, is
# larger by almost 3 MB.
unpacked=8 packed=4
! pkg-config --atleast-version=3.5 libcrypto || unpacked=11 packed=5
