#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lakebasectl as it is used: at the prompt and in scripts, against a mock. ctl.sh SERVER LAKEBASECTL JOURNAL.MD
set -u
server=$1 ctl=$2 journal=$3
tmp=$(mktemp -d)
pid=
bad=0
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$tmp"' EXIT
HOME=$tmp
export HOME
unset DATABRICKS_HOST DATABRICKS_TOKEN DATABRICKS_CONFIG_PROFILE NO_COLOR

# await COMMAND...: until it succeeds; a busy machine may take its time.
await() {
	for i in $(seq 1200); do "$@" && return; sleep 0.05; done
	echo "in vain: $*"
	bad=1
	return 1
}

# want EXIT 'part of the output' COMMAND...
want() {
	code=$1 text=$2
	shift 2
	timeout 120 "$ctl" "$@" >"$tmp/out" 2>&1 </dev/null
	got=$?
	if [ "$got" != "$code" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$tmp/out"; }; then
		echo "lakebasectl $*: exit $got instead of $code, or no '$text' in:"
		head -20 "$tmp/out"
		bad=1
	fi
}

# ---- without a server ----
want 2 'Usage:'
want 0 'Usage:' --help
awk 'length > 80 { print "over 80 columns: " $0; bad = 1 } END { exit bad }' "$tmp/out" || bad=1
want 0 'lakebasectl 0.' --version
want 2 "did you mean 'branch'?" brunch list shop
want 2 "did you mean 'create'?" project crate x
want 2 "did you mean '--json'?" project list --jason
want 2 'say first what to describe, as in: lakebasectl project describe' describe shop
want 2 'an argument is missing' project get
want 2 'one argument too many' project get a b
want 2 'one of: table json yaml name' project list -o xml
want 2 'takes a time such as' project list --request-timeout soon
want 2 'needs one word more' mock fault
want 2 'does not name a branch' branch get shop --host http://127.0.0.1:1
want 2 'does not name an endpoint' endpoint get shop --host http://127.0.0.1:1
want 2 'nothing to change' branch update shop/dev --host http://127.0.0.1:1
want 2 "did you mean 'reset'?" mock fault add 'CreateProject resett' --host http://127.0.0.1:1
want 2 'behind # stand numbers' mock fault add 'CreateProject#x reset' --host http://127.0.0.1:1
want 2 'no grant' permission update shop jane --host http://127.0.0.1:1
want 3 'Is the host right?' project list --host http://127.0.0.1:1
want 0 '.TH LAKEBASECTL' man
for shell in bash zsh fish; do want 0 __complete completion $shell; done
want 2 'there is bash, zsh and fish' completion tcsh

# every command has help with an example of its own, within 80 columns
"$ctl" man | sed -n 's/\\-/-/g; s/^\.SS \([^A-Z[]*\).*/\1/p' >"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -gt 80 ] || { echo 'the manual names few commands'; bad=1; }
while read -r words; do
	"$ctl" $words --help >"$tmp/help"
	grep -q "^  lakebasectl $words" "$tmp/help" || echo "no help with an example: $words"
	grep -q '^  3   the service cannot be reached' "$tmp/help" || echo "no exit codes: $words"
	awk 'length > 80 { bad = 1 } END { exit bad }' "$tmp/help" || echo "over 80 columns: $words --help"
done <"$tmp/commands" >"$tmp/nohelp"
[ ! -s "$tmp/nohelp" ] || { cat "$tmp/nohelp"; bad=1; }

# ---- with a server ----
"$server" --listen 127.0.0.1:0 --port-file "$tmp/port" --log off >"$tmp/ready" & pid=$!
await test -s "$tmp/port"
DATABRICKS_HOST=http://127.0.0.1:$(cat "$tmp/port")
export DATABRICKS_HOST
want 0 '' mock wait --timeout 60s
want 0 'DATABRICKS_TOKEN=mock-test-7' mock env -W test-7
want 0 '"status": "ok"' mock health

want 0 '"display_name": "Shop"' project create shop --set display_name=Shop --set pg_version=17 --wait
want 1 'Choose another name' project create shop
grep -qF 'was there before (ALREADY_EXISTS)' "$tmp/out" || { echo 'the status of a look is told as that of the create'; bad=1; }
want 0 'projects/shop' project list -o name
want 0 'PG' project list -o table
want 0 '"branch_id": "dev"' branch create shop/dev --set no_expiry=true -w
want 0 '"expire_time"' branch create shop/brief --set ttl=86400s -w
want 0 'projects/shop/branches/dev' branch list shop -o name
want 0 '"is_protected": true' branch update shop/dev --set is_protected=true -w
want 1 'cannot delete protected branch' branch delete shop/dev -w
want 0 'projects/shop/branches/dev' branch update shop/dev -b '{"spec":{"is_protected":false}}' -m spec.is_protected -w -o name
want 1 'lakebasectl branch list shop shows what there is.' branch get shop/nope
want 0 'eyJ' credential create shop/dev/primary -o name
want 0 'PGPASSWORD=' connect shop --print
want 1 'start it with --postgres auto' connect shop
want 0 'postgresql://me:' connect shop/dev --dsn --user me
want 0 'CAN_USE' permission update shop user:a@example.com=CAN_USE
want 0 'a@example.com' permission get shop -o table
want 0 'userName' request GET /api/2.0/preview/scim/v2/Me
want 2 'names no operation' operation get shop
want 0 '"done"' operation get "$("$ctl" branch create shop/op --set no_expiry=true -o name)"

# ---- values as people write them ----
# in a workspace of their own, so that the grade below is of the commands around it
export DATABRICKS_TOKEN=mock-values
want 0 '' project create shop --set pg_version=17 -w
while read -r option value; do
	for command in 'branch create shop/x' 'branch list shop' 'branch wait shop/x' 'credential create shop' 'mock journal' \
		'mock clock set' 'mock clock advance' 'mock maintenance shop' 'mock reset' 'apply x.json'; do
		"$ctl" $command --help | grep -q -- " $option " || continue
		[ "$command $option" != 'branch wait shop/x --for' ] || continue
		want 2 "$option takes" $command "$option" "$value"
	done
done <<-'END'
	--retry-attempts x
	--retry-attempts 0
	--retry-max-delay 5x
	--retry-deadline 1h30
	--request-timeout -1s
	--timeout soon
	--page-size foo
	--page-size 1e3
	--every x
	--ttl 7y
	--output xml
	--set =x
	--set x
	--workspace No/thing
	--keep faults,nothing
	--status 99
	--status 4x
	--call one
	--since -1
	--limit 0
	--method FETCH
	--mode slow
	--now yesterday
	--to 2026-13
	--factor 0
	--factor fast
	--for 3calls
END
for given in 7d 168h '7 days' 1w 604800 6d24h '6.5d 12h'; do
	"$ctl" branch create shop/brief1 --ttl "$given" -w >/dev/null || { echo "--ttl $given is refused"; bad=1; }
	"$ctl" mock journal --rpc CreateBranch --json | tail -60 | grep -q 'status": 200' || bad=1
	"$ctl" branch get shop/brief1 -o create_time,status.expire_time >"$tmp/times"
	[ "$(date -u -d "$(cut -f1 "$tmp/times") + 7 days" +%F)" = "$(cut -f2 "$tmp/times" | cut -c1-10)" ] || {
		echo "--ttl $given: $(cat "$tmp/times")"; bad=1; }
	"$ctl" branch delete shop/brief1 --wait >/dev/null || bad=1
done
want 1 'Give --ttl TIME, such as --ttl 7d, or --no-expiry.' branch create shop/late
want 2 'exclude each other' branch create shop/late --ttl 7d --no-expiry
want 0 'projects/shop/branches/kept' branch create shop/kept --no-expiry -w -o name
want 0 'projects/shop/branches/kept' branch create shop/leaf --no-expiry --set source_branch=shop/kept -w -o name,status.source_branch
want 0 '"604800s"' project update shop --set history_retention_duration=7d -w
want 0 'projects/shop/branches/kept/databases/orders' database create shop/kept/orders --set postgres_database=orders \
	--set role=shop/kept/admin -w -o name
want 1 "did you mean 'is_protected'" branch update shop/kept --set is_protect=true
want 0 '7' project update shop --set display_name=7 -w -o status.display_name

# ---- what is shown, and how ----
want 0 'branch_id: leaf' branch get shop/leaf -o yaml
want 0 'READY' branch list shop -o name,status.current_state
[ "$(grep -c "$(printf '\t')READY" "$tmp/out")" -ge 3 ] || { echo 'fields are not separated by tabs'; bad=1; }
want 0 'production' branch ls shop -o branch_id,status.default
want 0 'deleted projects/shop/branches/leaf' branch rm shop/leaf --wait -o table
grep -q 'lakebasectl branch undelete shop/leaf brings it back.' "$tmp/out" || { echo 'the way back is not shown'; bad=1; }
want 1 'branch list shop shows' branch delete shop/none --wait
want 0 'projects/shop/branches/none was not there' branch delete shop/none --wait --allow-missing -o table
want 0 '"deleted": false' branch delete shop/none --wait --allow-missing
want 1 'lakebasectl' catalog get nothing
! grep -q 'list' "$tmp/out" || { echo 'a list of catalogs is recommended, and there is none'; bad=1; }
want 0 'projects/shop/branches/kept' branch wait shop/kept --for state=READY -o name
want 0 'projects/shop/branches/kept' branch wait shop/kept --for is_protected=false -o name
want 1 'still not state=DELETED' branch wait shop/kept --for state=DELETED --timeout 1s
want 2 'FIELD=VALUE' branch wait shop/kept --for READY
"$ctl" branch list shop --watch --every 100ms -o json >"$tmp/watched" & watcher=$!
timeout 120 "$ctl" branch get shop/kept --watch --every 100ms -o table >"$tmp/watched1" & watcher1=$!
want 0 '' branch wait shop/kept --for state=READY --every 300ms
await grep -q branches/kept "$tmp/watched"
await grep -q kept "$tmp/watched1"
want 0 '' branch update shop/kept --set is_protected=true -w
await grep -q '"event":"changed".*"name":"projects/shop/branches/kept"' "$tmp/watched"
want 0 '' branch update shop/kept --set is_protected=false -w
want 0 '' branch delete shop/kept --wait --purge
await grep -q '"event":"gone"' "$tmp/watched"
wait $watcher1 || { echo 'a watched resource is gone, and the watching goes on'; bad=1; }
kill $watcher
grep -q '^gone ' "$tmp/watched1" || { cat "$tmp/watched1"; bad=1; }

unset DATABRICKS_TOKEN

# ---- what belongs to what ----
want 0 'branch dev (READY, from production)' tree shop -o table
want 0 '"name": "projects/shop/branches/dev/endpoints/primary"' tree
want 1 'project list shows' tree none
want 0 'ENDPOINT_TYPE_READ_WRITE' branch describe shop/dev -o table
grep -q '^operations' "$tmp/out" && grep -q UpdateBranch "$tmp/out" || { echo 'describe shows no operations or changes'; bad=1; }
want 0 '"events": [' branch describe shop/dev
want 0 'no difference' branch diff shop/dev shop/production -o table
want 0 '' endpoint update shop/dev/primary --set autoscaling_limit_max_cu=4 -w
want 0 '' role create shop/dev/app --set postgres_role=app -w
want 1 'endpoints/primary autoscaling_limit_max_cu' branch diff shop/production shop/dev -o table
want 1 'roles/app' branch diff shop/production shop/dev -o what,left,right
want 1 "lakebasectl branch list shop shows" branch diff shop/production shop/none

# the requests are shown, and no secret with them
DATABRICKS_TOKEN=mock-default.s3cret "$ctl" project get shop -v >"$tmp/out" 2>&1
grep -q '> GET http' "$tmp/out" || { echo '-v shows no request'; bad=1; }
! grep -q s3cret "$tmp/out" || { echo '-v shows the token'; bad=1; }

# ---- a tree, twice ----
cat >"$tmp/tree.json" <<'JSON'
{"project_id":"tree","spec":{"display_name":"Tree","pg_version":17},
 "permissions":{"access_control_list":[{"user_name":"b@example.com","permission_level":"CAN_USE"}]},
 "branches":[{"branch_id":"dev","spec":{"no_expiry":true},
   "roles":[{"role_id":"app","spec":{"postgres_role":"app"}}],
   "databases":[{"database_id":"orders","spec":{"postgres_database":"orders","role":"projects/tree/branches/dev/roles/app"}}]}]}
JSON
printf '{}' >"$tmp/empty.json"
want 2 'holds nothing to apply' apply "$tmp/empty.json"
want 0 'created    projects/tree/branches/dev/databases/orders' apply "$tmp/tree.json"
applied() { # applied CREATED UPDATED UNCHANGED DELETED ARGUMENT...
	sum=$(printf '%s\t%s\t%s\t%s' "$1" "$2" "$3" "$4")
	shift 4
	want 0 "$sum" apply -o created,updated,unchanged,deleted "$@"
}
applied 0 0 4 0 "$tmp/tree.json"
sed -i 's/"Tree"/"Bush"/' "$tmp/tree.json"
want 0 'updated    projects/tree (spec.display_name)' apply "$tmp/tree.json" --dry-run
want 0 'spec.display_name: "Tree" -> "Bush"' apply "$tmp/tree.json" --dry-run
applied 0 1 3 0 "$tmp/tree.json"
applied 0 0 4 0 "$tmp/tree.json"
want 0 Bush project get tree

# what is no key is refused before anything is sent, wherever it stands
while IFS='|' read -r said document; do
	printf '%s' "$document" >"$tmp/wrong.json"
	want 2 "$said" apply "$tmp/wrong.json"
done <<-'END'
	did you mean "spec"|{"project_id":"wrong","spce":{}}
	did you mean 'pg_version'|{"project_id":"wrong","spec":{"pg_verson":17}}
	did you mean "branches"|{"projects":[{"id":"wrong","brunches":[]}]}
	did you mean 'no_expiry'|{"id":"wrong","branches":[{"id":"b","spec":{"no_expire":true}}]}
	did you mean 'min'|{"id":"wrong","branches":[{"id":"b","endpoints":[{"id":"e","spec":{"group":{"mim":1}}}]}]}
	did you mean 'value'|{"id":"wrong","spec":{"custom_tags":[{"key":"a","valeu":"b"}]}}
	there is no key "endpoints"|{"id":"wrong","endpoints":[]}
	a branch without "branch_id"|{"id":"wrong","branches":[{"spec":{}}]}
	is not a list|{"id":"wrong","branches":{}}
END
want 1 'project list shows' project get wrong

# a dry run says what the run then does, below what is not there yet, too
cat >"$tmp/dry.json" <<'JSON'
{"$schema":"apply.schema.json","id":"dry","spec":{"pg_version":17,"history_retention_duration":"7d"},
 "initial_endpoint_spec":{"autoscaling_limit_min_cu":2,"autoscaling_limit_max_cu":4},
 "branches":[
  {"id":"production","spec":{"is_protected":true},"endpoints":[{"id":"primary","spec":{"autoscaling_limit_max_cu":8}}]},
  {"id":"dev","spec":{"no_expiry":true},"endpoints":[{"id":"primary"}],"databases":[{"id":"databricks-postgres"}]},
  {"id":"leaf","spec":{"source_branch":"dry/dev","ttl":"7d"},"roles":[{"id":"app","spec":{"postgres_role":"app"}}]}]}
JSON
"$ctl" apply "$tmp/dry.json" --dry-run -q -o json >"$tmp/foretold"
want 1 'project list shows' project get dry
"$ctl" apply "$tmp/dry.json" -q -o json >"$tmp/happened"
cmp -s "$tmp/foretold" "$tmp/happened" || { echo 'a dry run foretold something else:'; diff "$tmp/foretold" "$tmp/happened"; bad=1; }
applied 0 0 8 0 "$tmp/dry.json"
# a new branch brings the roles of its source
sed -i 's/"leaf","spec":{"source_branch":"dry\/dev"/"twig","spec":{"source_branch":"dry\/leaf"/' "$tmp/dry.json"
sed -i 's/"ttl":"7d"},"roles"/"no_expiry":true},"roles"/' "$tmp/dry.json"
"$ctl" branch update dry/leaf --no-expiry -w >/dev/null
"$ctl" apply "$tmp/dry.json" --dry-run -q -o json >"$tmp/foretold"
"$ctl" apply "$tmp/dry.json" -q -o json >"$tmp/happened"
cmp -s "$tmp/foretold" "$tmp/happened" || { echo 'a dry run of a branch foretold something else:'; diff "$tmp/foretold" "$tmp/happened"; bad=1; }
grep -q '"unchanged": 7' "$tmp/happened" || { cat "$tmp/happened"; bad=1; }

# what the document does not name goes, and is asked for
"$ctl" branch delete dry/twig --wait >/dev/null
sed -i 's/"twig","spec":{"source_branch":"dry\/leaf"/"dev2","spec":{"source_branch":"dry\/dev"/' "$tmp/dry.json"
want 1 '--yes says so' apply "$tmp/dry.json" --prune
want 0 'deleted    projects/dry/branches/leaf' apply "$tmp/dry.json" --prune --dry-run
want 0 '' branch get dry/leaf
applied 0 0 8 1 "$tmp/dry.json" --prune --yes
want 1 '' branch get dry/leaf
applied 0 0 8 0 "$tmp/dry.json" --prune --yes
want 0 '"additionalProperties": false' schema
printf '{"id":"dry","branches":[{"id":"late","spec":{}}]}' >"$tmp/late.json"
want 1 '"no_expiry":true' apply "$tmp/late.json"

# ---- the lab ----
want 0 '"rpc": "CreateProject"' mock fault add 'CreateProject#1 after_commit reset' --id lost
want 0 'lost' mock fault list --unfired -o table
want 0 'projects/lost' project create lost --set display_name=Lost -o name
want 0 '(none)' mock fault list --unfired -o table
seq=$("$ctl" mock journal --fault lost --json | sed -n 's/.*"seq": \([0-9]*\).*/\1/p' | head -1)
want 0 "rule lost: acted" mock explain "$seq"
want 0 'The client got no answer' mock explain "$seq"
want 1 'no request' mock explain 999999
last=$("$ctl" mock journal -o .seq | tail -1)
[ "$("$ctl" mock journal --limit 1 -o .seq)" = "$last" ] || { echo "journal --limit keeps others than the newest"; bad=1; }
want 0 'R7    PASS' mock grade -o table
"$ctl" mock grade --json | sed -n 's/^ *"rule": "\(.*\)",*$/\1/p; s/^ *"title": "\(.*\)",*$/\1/p' | paste - - >"$tmp/rules"
[ "$(wc -l <"$tmp/rules")" -gt 15 ] || { echo 'few rules in the grade'; bad=1; }
while IFS='	' read -r rule title; do
	grep -qF "| \`$rule\` | $title |" "$journal" || { echo "docs/journal.md has no row: $rule, $title"; bad=1; }
done <"$tmp/rules"
want 0 '' mock grade --final --junit "$tmp/grade.xml"
grep -q '<testsuite name="lakebase-mock grade" tests="[1-9][0-9]*" failures="0"' "$tmp/grade.xml" || { cat "$tmp/grade.xml"; bad=1; }
# a client that fails: two creations of the same thing, refused alike
for i in 1 2 3; do curl -so /dev/null -XPOST -H 'Authorization: Bearer mock-wild' -H 'Content-Type: application/json' \
	-d '{"spec":{"pg_version":3}}' "$DATABRICKS_HOST/api/2.0/postgres/projects?project_id=w"; done
want 1 'FAIL' mock grade -W wild --final --junit "$tmp/grade.xml" -o table
grep -q '<failure message="[^"]' "$tmp/grade.xml" || { cat "$tmp/grade.xml"; bad=1; }
want 2 'cannot write' mock grade --junit "$tmp/none/grade.xml"
want 0 '' mock fault delete lost
want 0 'lost-create' mock scenario list -o table
want 0 '' mock scenario load lost-create
want 0 '' mock fault delete
want 0 'after-polls:2' mock lro set after-polls:2 --rpc CreateBranch
want 0 'projects/shop/branches/slow' branch create shop/slow --set no_expiry=true -w -o name
want 0 '"for": "0.500s"' mock maintenance shop --for 500ms
want 0 '3 calls' mock maintenance shop --for '3 calls'
want 0 'another operation runs' branch create shop/busy --set no_expiry=true -w -v
want 1 'real and cannot be advanced' mock clock advance 1h
want 0 'manual' mock clock set --mode manual
want 0 'branch_expired' mock clock advance '1 day 2h' -o table
want 0 '' mock clock advance 1500ms
want 2 'is no time' mock clock advance soon
want 0 'branch_purged' mock clock advance --until-idle
want 0 '"name": "base"' mock snapshot create base
want 0 'base' mock snapshot list -o table
want 0 '' mock fork snapshot:base copy
want 0 'CLOCK' mock workspace list -o table
want 0 'manual' mock workspace list -o table
want 0 '' mock workspace delete copy
want 0 '' mock state export "$tmp/state.json"
want 0 '' mock reset
want 0 '(none)' project list -o table
want 0 '' mock state import "$tmp/state.json"
want 0 'projects/tree' project list -o name
want 0 '' mock snapshot restore base
want 0 '' mock snapshot delete base
want 0 'CreateProject' mock routes -o table

# ---- the first credential costs what the second does: its key is made beside the work ----
quick=
for i in 1 2 3 4 5; do
	rm -f "$tmp/first"
	"$server" --listen 127.0.0.1:0 --port-file "$tmp/first" --log off >/dev/null & first=$!
	await test -s "$tmp/first"
	(DATABRICKS_HOST=http://127.0.0.1:$(cat "$tmp/first")
	"$ctl" project create shop -w >/dev/null
	sleep "$i" # allowed: the key is made meanwhile; of five tries each waits longer
	"$ctl" credential create shop/production/primary >/dev/null
	"$ctl" credential create shop/production/primary >/dev/null
	"$ctl" mock journal --rpc GenerateDatabaseCredential --json | sed -n 's/.*"took_us": \([0-9]*\).*/\1/p') >"$tmp/took"
	kill $first
	# Making a key takes as long as some fifty signatures.
	[ "$(sort -n "$tmp/took" | awk 'NR == 1 { least = $1 } END { print $1 < 20 * least }')" = 0 ] || quick=1
	[ -z "$quick" ] || break
done
[ -n "$quick" ] || { echo "two credentials take $(xargs <"$tmp/took") us"; bad=1; }

# ---- plain and TLS mixed up: said as such, at once ----
"$server" --listen 127.0.0.1:0 --port-file "$tmp/tls" --log off --tls-self-signed "$tmp/ca.pem" >/dev/null & tls=$!
await test -s "$tmp/tls"
want 1 'use https://' project list --host "http://127.0.0.1:$(cat "$tmp/tls")"
want 3 'does the host begin with http://' project list --host "https://${DATABRICKS_HOST#http://}"
SSL_CERT_FILE=$tmp/ca.pem "$ctl" project list --host "https://127.0.0.1:$(cat "$tmp/tls")" >/dev/null || bad=1
kill $tls

# ---- names that complete ----
[ "$("$ctl" __complete branch get tree/d | cut -f1)" = tree/dev ] || { echo 'tree/d does not complete'; bad=1; }
[ "$("$ctl" __complete endpoint get tr | cut -f1)" = tree/ ] || { echo 'tr does not complete to tree/'; bad=1; }
"$ctl" __complete mock scenario load lost | grep -q '^lost-create' || { echo 'scenarios do not complete'; bad=1; }
"$ctl" __complete project list --out | grep -q '^--output' || { echo 'options do not complete'; bad=1; }
exit $bad
