#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# helpers.sh SERVER CACHE [NPM-FOLDER]: the helpers for Java, Go and Node.js, each used by a project of its own that
# knows nothing of this tree but what was installed. What is downloaded stays in CACHE. TAP.
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=${here%/tests/package}
. "$here/tap.sh"
server=$(cd -P "$(dirname "$1")" && pwd)/$(basename "$1")
packed=${3:+$(cd -P "$3" && pwd)}
mkdir -p "$2"
cache=$(cd -P "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset LAKEBASE_MOCK LAKEBASE_MOCK_IMAGE
url='/api/2.0/postgres/projects'

# ---- Java: installed into a repository, and a dependency of another project ----
maven() { mvn -q -B -Dmaven.repo.local="$cache/m2" "$@"; }
java_installed() {
  cp -r "$top/client/java" "$work/java" && rm -rf "$work/java/target" "$cache/m2/io/lakebasemock" &&
    maven -f "$work/java/pom.xml" -DskipTests install
}
java_used() {
  mkdir -p "$work/user/src/test/java" && cat >"$work/user/pom.xml" <<'XML' &&
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>user</groupId>
  <artifactId>user</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>11</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>io.lakebasemock</groupId>
      <artifactId>lakebase-mock-junit5</artifactId>
      <version>0.1.0</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version></plugin>
      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    </plugins>
  </build>
</project>
XML
    cat >"$work/user/src/test/java/UserTest.java" <<JAVA &&
import io.lakebasemock.LakebaseMockExtension;
import io.lakebasemock.Workspace;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LakebaseMockExtension.class)
class UserTest {
  @Test
  void lists(Workspace w) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(w.url() + "$url"))
        .header("Authorization", "Bearer " + w.token()).build();
    Assertions.assertEquals(200,
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
    Assertions.assertTrue(w.journal("rpc=ListProjects").contains("ListProjects"));
  }
}
JAVA
    "$@" mvn -q -B -Dmaven.repo.local="$cache/m2" -f "$work/user/pom.xml" test &&
    grep -q 'tests="1".*failures="0"' "$work"/user/target/surefire-reports/TEST-UserTest.xml
}
java_refused() { # the words name the variable
  ! java_used env LAKEBASE_MOCK=http://127.0.0.1:1 >"$work/said" 2>&1 && grep -q 'LAKEBASE_MOCK names' "$work/said"
}
# running COMMAND...: it finds in LAKEBASE_MOCK the address of a server that runs.
running() { serves "$server" serve -- by_address "$@"; }
by_address() { "$@" env LAKEBASE_MOCK="$DATABRICKS_HOST"; }
on_path() { java_used env LAKEBASE_MOCK= PATH="$(dirname "$server"):$PATH"; }
if command -v mvn >/dev/null; then
  check 'the jar is installed into a Maven repository' java_installed
  check 'a project uses it' java_used env LAKEBASE_MOCK="$server"
  rm -rf "$work/user"
  check 'and with a server that runs' running java_used
  rm -rf "$work/user"
  check 'and with the PATH, where LAKEBASE_MOCK is empty' on_path
  rm -rf "$work/user"
  check 'a dead address is said with the name of the variable' java_refused
else
  skip Java 'no Maven'
fi

# ---- Go: a module of its own ----
go_made() { # as its page says
  sed -n '/^go mod edit/,/^```/p' "$top/client/go/README.md" | sed "\$d; s|/path/to/checkout|$top|" >"$work/required" &&
    mkdir "$work/go" && cd "$work/go" && go mod init example.test/user && bash -e "$work/required" &&
    grep -q "$top/client/go" go.mod &&
    cat >user_test.go <<GO
package user

import (
	"net/http"
	"os"
	"testing"

	lakebasemock "github.com/lakebase-mock/lakebase-mock/client/go"
)

func TestMain(m *testing.M) { os.Exit(lakebasemock.Run(m)) }

func TestList(t *testing.T) {
	w := lakebasemock.New(t)
	req, _ := http.NewRequest("GET", w.URL+"$url", nil)
	req.Header.Set("Authorization", "Bearer "+w.Token())
	reply, err := http.DefaultClient.Do(req)
	if err != nil || reply.StatusCode != 200 {
		t.Fatal(reply, err)
	}
}
GO
}
go_used() { cd "$work/go" && "$@" go test -count=1 ./...; }
# A container engine that has the image: as much of one as is asked of it.
engine() {
  mkdir -p "$work/engine" && cat >"$work/engine/docker" <<SH && chmod +x "$work/engine/docker"
#!/bin/sh
case \$1 in
  create) echo some-id ;;
  cp) [ "\$2" = some-id:/lakebase-mock ] && cp "$server" "\$3" ;;
  rm) echo "\$2" >"$work/engine/removed" ;;
esac
SH
}
go_image() { engine && go_used env "$@" PATH="$work/engine:$PATH" && [ "$(cat "$work/engine/removed")" = some-id ]; }
# go_refused WORDS COMMAND...: the tests do not run, and WORDS say why and what to do.
go_refused() { ! go_used "${@:2}" >"$work/said" 2>&1 && grep -q "$1" "$work/said"; }
if [ "$(printf '%s\n' 1.21 "$(cd / && go env GOVERSION 2>/dev/null | sed 's/^go//')" | sort -V | head -n 1)" = 1.21 ]; then
  check 'a Go module requires the helper' go_made
  check 'with LAKEBASE_MOCK' go_used env LAKEBASE_MOCK="$server"
  check 'with a server that runs' running go_used
  check 'with the PATH' go_used env PATH="$(dirname "$server"):$PATH"
  check 'with the image' go_image
  check 'with an image of another name' go_image LAKEBASE_MOCK_IMAGE=another:1
  check 'without any it says what to do' go_refused 'into LAKEBASE_MOCK' env
  check 'with a wrong path, too' go_refused 'none cannot be started.*into LAKEBASE_MOCK' env LAKEBASE_MOCK="$work/none"
  check 'with another program, too' go_refused 'is it a lakebase-mock?.*into LAKEBASE_MOCK' env LAKEBASE_MOCK=/bin/true
  check 'with an address where nobody answers, too' go_refused 'answers at http://127.0.0.1:1, which LAKEBASE_MOCK names' \
    env LAKEBASE_MOCK=http://127.0.0.1:1
else
  skip Go 'no Go 1.21'
fi

# ---- Node.js: from a test runner, with types ----
npm_installed() {
  mkdir "$work/node" && cd "$work/node" && echo '{"type": "module"}' >package.json &&
    npm install --silent --no-audit --no-fund --omit=optional --cache "$cache/npm" \
      "$packed"/lakebase-mock-linux-*.tgz "$packed"/lakebase-mock-[0-9]*.tgz &&
    npm install --silent --no-audit --no-fund --cache "$cache/npm" vitest@2.1.9 typescript@5.6.3 @types/node@20.17.6 &&
    cat >user.test.ts <<'TS'
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMock, type Mock, type Workspace } from "lakebase-mock";

let mock: Mock;
beforeAll(async () => { mock = await startMock({ flags: ["--lro", "sync"] }); });
afterAll(() => mock.stop());

test("a list is seen in the journal", async () => {
  const ws: Workspace = mock.workspace();
  const reply = await fetch(`${ws.url}/api/2.0/postgres/projects`, { headers: { authorization: `Bearer ${ws.token}` } });
  expect(reply.status).toBe(200);
  const rows = await ws.journal({ rpc: "ListProjects" });
  expect(rows.map((row) => row.status)).toEqual([200]);
});
TS
}
# The same test in jest, which knows packages of ES modules only when Node is told to.
jest_installed() {
  mkdir "$work/jest" && cd "$work/jest" && echo '{"type": "module", "jest": {"transform": {}}}' >package.json &&
    npm install --silent --no-audit --no-fund --omit=optional --cache "$cache/npm" \
      "$packed"/lakebase-mock-linux-*.tgz "$packed"/lakebase-mock-[0-9]*.tgz &&
    npm install --silent --no-audit --no-fund --cache "$cache/npm" jest@29.7.0 &&
    cat >user.test.js <<'JS'
import { startMock } from "lakebase-mock";

let mock;
beforeAll(async () => { mock = await startMock({ flags: ["--lro", "sync"] }); });
afterAll(() => mock.stop());

test("a list is seen in the journal", async () => {
  const ws = mock.workspace();
  const reply = await fetch(`${ws.url}/api/2.0/postgres/projects`, { headers: { authorization: `Bearer ${ws.token}` } });
  expect(reply.status).toBe(200);
  const rows = await ws.journal({ rpc: "ListProjects" });
  expect(rows.map((row) => row.status)).toEqual([200]);
});
JS
}
jest() { # and it ends by itself: what is left open would keep it
  cd "$work/jest" && NODE_OPTIONS=--experimental-vm-modules timeout 60 node_modules/.bin/jest >said 2>&1
  local status=$?
  cat said
  [ $status = 0 ] && grep -q 'Tests: .*1 passed, 1 total' said && ! grep -q 'did not exit' said
}
vitest() { cd "$work/node" && node_modules/.bin/vitest run; }
typed() {
  cd "$work/node" && node_modules/.bin/tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 user.test.ts &&
    sed 's/startMock({ flags: \[.*\] })/startMock({ flag: 1 })/' user.test.ts >wrong.ts &&
    ! node_modules/.bin/tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 wrong.ts
}
if [ -n "$packed" ] && command -v npm >/dev/null; then
  check 'the npm packages are installed beside vitest' npm_installed
  check 'vitest runs a test that uses them' vitest
  check 'and beside jest' jest_installed
  check 'jest runs a test that uses them, and ends' jest
  check 'TypeScript knows their types, and refuses what they have not' typed
else
  skip 'Node.js' 'no npm, or no npm package'
fi
finish
