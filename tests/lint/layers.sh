#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which folder may include which: base <- core <- resources; core <- api <- lab <- admin <- http; core <- store.
cd server || exit 1
bad=0

# A generated list (`registry.inc`) has no folder.
may() { # may FOLDER 'project folders it sees' 'system headers it must not see'
	[ -d "$1" ] || return 0
	out=$(grep -rnE '^ *# *include "' --include='*.[ch]' "$1" |
		grep -vE "include \"(($2)/|[a-z]+\.inc\"\$)")
	sys=$(grep -rnE "^ *# *include <($3)" --include='*.[ch]' "$1")
	[ -z "$out$sys" ] || { printf '%s sees too much:\n%s\n' "$1" "$out$sys"; bad=1; }
}

net='event|sqlite3|curl|sys/socket|netinet|arpa/|netdb'
pure="$net|openssl|unistd|time\.h|sys/time|sys/random|fcntl"
may base      'base'                   "$net|jansson|openssl"
may core      'base|core'              "$pure"
may resources 'base|core|resources'    "$pure"
may api       'base|core|api'          "$net"
may lab       'base|core|api|lab'      "$net"
may admin     'base|core|api|lab|admin' "$net"
may store     'base|core|store'        'event|curl|sys/socket|netinet|netdb'
may http      'base|core|api|lab|admin|http' 'sqlite3|curl'

cd ..
client=$(grep -rnE '^ *# *include ("(base|core|resources|api|lab|admin|store|http)/|<(event|sqlite3))' \
	--include='*.[ch]' client)
[ -z "$client" ] || { printf 'client depends on nothing in server:\n%s\n' "$client"; bad=1; }
exit $bad
