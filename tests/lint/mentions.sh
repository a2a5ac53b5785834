#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The project makes sense alone: no path of one machine, no private package index, no section
# numbers of a document that is not here, nothing put off.
. tests/lint/files.sh
bad=0
no() { # no 'pattern' 'why' FILE...
	pattern=$1 why=$2
	shift 2
	hits=$(grep -nHIE -- "$pattern" "$@" /dev/null) || return 0
	printf '%s:\n%s\n' "$why" "$hits" | cut -c1-200
	bad=1
}
self='! -path ./tests/lint/mentions.sh'
all=$(files . -- $self -size -2000k)
code=$(files server client tests docker run test -- -name '*.[ch]' -o -name '*.py' -o -name '*.sh' \
	-o -name '*.go' -o -name '*.java' | grep -v '^tests/lint/mentions.sh$')
no '(^|[^[:alnum:]_./$}-])/(work|home|Users|root)/[[:alnum:].]' 'a path of one machine' $all
no '(^|[^[:alnum:]_-])[s]hared/' 'a path outside the checkout' $all
no '(--|extra-)index-url|GOPROXY=http|"resolved": *"http|registry=http' 'a package index' $all
no '§' 'a section number: name the thing' $code
no '(^|[^[:alnum:]])(TODO|FIXME|XXX|HACK)([^[:alnum:]_]|$)|not implemented yet' 'put off: do it, document it or drop it' $code
exit $bad
