#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Stands in for the browser of a login: goes where it is sent, as the user that $LOGIN_HINT names.
# Like a real one it returns at once.
curl -sL -o /dev/null "$1${LOGIN_HINT:+&login_hint=$LOGIN_HINT}" </dev/null >/dev/null 2>&1 &
