#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Completion in the shells themselves: what stands there after Tab. shells.sh SERVER LAKEBASECTL
# A shell that is not installed is named, and the test is skipped when none but bash is there.
set -u
server=$(realpath "$1") ctl=$(realpath "$2")
tmp=$(mktemp -d)
trap 'kill $mock 2>/dev/null; rm -rf "$tmp"' EXIT
"$server" --listen 127.0.0.1:0 --port-file "$tmp/port" --log off >/dev/null & mock=$!
for _ in $(seq 1200); do [ -s "$tmp/port" ] && break; sleep 0.05; done
export HOME=$tmp DATABRICKS_TOKEN=mock-default TERM=dumb PATH="$tmp/bin:$PATH"
DATABRICKS_HOST=http://127.0.0.1:$(cat "$tmp/port")
export DATABRICKS_HOST
mkdir "$tmp/bin" && ln -s "$ctl" "$tmp/bin/lakebasectl"
lakebasectl project create shop -w >/dev/null && lakebasectl branch create shop/dev --no-expiry -w >/dev/null || exit 1
bad=0

# What is typed | what it becomes, or * and one of the words that are offered.
cases() {
	cat <<-'END'
		lakebasectl proj|lakebasectl project
		lakebasectl branch li|lakebasectl branch list
		lakebasectl branch get sh|lakebasectl branch get shop/
		lakebasectl branch get shop/d|lakebasectl branch get shop/dev
		lakebasectl project list --show|lakebasectl project list --show-deleted
		lakebasectl mock scenario load lost-create-|lakebasectl mock scenario load lost-create-fin
		lakebasectl branch get shop/|*shop/production
		lakebasectl mock |*journal
		lakebasectl project list --output |*yaml
	END
}

in_bash() { # the words that bash would offer
	bash --norc -c '
		source <(lakebasectl completion bash)
		read -ra COMP_WORDS <<<"$1"
		[ "${1% }" = "$1" ] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		compopt() { :; }
		_lakebasectl
		printf "%s\n" "${COMPREPLY[@]}"' _ "$1"
}

in_fish() { # fish says what it would offer
	fish --no-config -c '
		lakebasectl completion fish | source
		complete -C $argv[1]' "$1" | cut -f1
}

# zsh completes in a terminal only: one is made, Tab is pressed, and the line is written down. in_zsh TYPED OFFERED
in_zsh() {
	zsh -f -c '
		zmodload zsh/zpty
		zpty -b z zsh -f -i
		zpty -w z "PS1=; stty -echo; autoload -Uz compinit; compinit -u -d '"$tmp"'/zcompdump"
		zpty -w z "setopt no_beep no_list_beep; unsetopt automenu; zstyle \":completion:*\" list-colors"
		zpty -w z "source <(lakebasectl completion zsh)"
		zpty -w z "tab() { zle expand-or-complete; print -r -- \$BUFFER >'"$tmp"'/buffer }; zle -N tab; bindkey ^I tab"
		zpty -w z "print rea""dy"
		zpty -r z start "*ready*"
		rm -f '"$tmp"'/buffer
		zpty -n -w z "$1$(printf "\t")"
		for i in {1..600}; do
			while zpty -r -t z part; do list+=$part; done
			[[ -s '"$tmp"'/buffer && $list == *"$2"* ]] && break
			sleep 0.05
		done
		print -r -- "$list" >'"$tmp"'/list
		zpty -d z' _ "$1" "$2" >/dev/null 2>&1
}

expect() { # expect SHELL TYPED WANTED GOT
	[ "$3" = "$4" ] || { echo "$1: '$2' becomes '$4', not '$3'"; bad=1; }
}

tried=0
for shell in bash fish zsh; do
	command -v $shell >/dev/null || { echo "$shell is not installed: docker/deps.sh test"; missing=1; continue; }
	while IFS='|' read -r typed wanted; do
		tried=$((tried + 1))
		if [ "$shell" = zsh ]; then
			offered=${wanted#\*}
			[ "$offered" != "$wanted" ] || offered=
			in_zsh "$typed" "$offered"
			case $wanted in
			\**) grep -q -- "${wanted#\*}" "$tmp/list" || { echo "zsh: '$typed' offers no ${wanted#\*}:"; cat "$tmp/list"; bad=1; } ;;
			*) expect zsh "$typed" "$wanted" "$(sed 's/ *$//' "$tmp/buffer" 2>/dev/null)" ;;
			esac
			continue
		fi
		offered=$(in_$shell "$typed")
		case $wanted in
		\**) grep -qxF -- "${wanted#\*}" <<<"$offered" || { echo "$shell: '$typed' offers no ${wanted#\*}: $offered"; bad=1; } ;;
		*) expect $shell "$typed" "$wanted" "${typed% *} $offered" ;;
		esac
	done < <(cases)
done
echo "$tried completions"
[ "$bad" = 0 ] || exit 1
[ -z "${missing-}" ] || exit 77
