// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MockError, program, startMock } from "../index.js";

let mock;
before(async () => {
  mock = await startMock({ flags: ["--lro", "sync"] });
});
after(() => mock.stop());

const create = (ws, id) =>
  fetch(`${ws.url}/api/2.0/postgres/projects?project_id=${id}`, {
    method: "POST",
    headers: { authorization: `Bearer ${ws.token}`, "content-type": "application/json" },
    body: '{"spec":{"pg_version":17}}',
  });

test("each test has a workspace of its own", async () => {
  const [a, b] = [mock.workspace(), mock.workspace()];
  assert.equal((await create(a, "app")).status, 200);
  assert.equal((await create(b, "app")).status, 200);
  assert.equal((await a.journal({ rpc: "CreateProject" })).length, 1);
});

test("a rule acts, and the journal tells", async () => {
  const ws = mock.workspace();
  const rule = await ws.addFault({ match: { rpc: "CreateProject" }, action: { type: "unavailable" }, when: { times: 1 } });
  assert.ok(rule.id);
  assert.equal((await create(ws, "app")).status, 503);
  assert.equal((await create(ws, "app")).status, 200);
  assert.equal((await ws.journal())[0].fault, rule.id);
});

test("the clock stands and turns", async () => {
  const ws = mock.workspace();
  await ws.freeze("2040-01-01T00:00:00Z");
  assert.deepEqual(await ws.advance("26h"), []);
});

test("what is refused says why", async () => {
  await assert.rejects(mock.workspace().addFault({ match: { rpc: "CreateProjct" }, action: { type: "reset" } }), (e) => {
    assert.ok(e instanceof MockError);
    assert.equal(e.status, 400);
    assert.match(e.message, /CreateProject/);
    return true;
  });
  await assert.rejects(startMock({ flags: ["--no-such-flag"] }), /no-such-flag/);
});

// code(TEXT): the arguments of a Node.js of its own that runs it with this package.
const code = (text) => ["--input-type=module", "-e", `import { startMock } from ${JSON.stringify(import.meta.resolve("../index.js"))}; ${text}`];

test("an address that is none is told with the address", async () => {
  const { LAKEBASE_MOCK } = process.env;
  try {
    process.env.LAKEBASE_MOCK = "http://127.0.0.1:22x";
    await assert.rejects(startMock(), /no lakebase-mock answers at http:\/\/127\.0\.0\.1:22x/);
  } finally {
    process.env.LAKEBASE_MOCK = LAKEBASE_MOCK;
  }
});

test("many servers in one process are not told of as a leak", () => {
  const run = spawnSync(process.execPath, code("for (let i = 0; i < 12; i++) await (await startMock()).stop();"), { encoding: "utf8" });
  assert.equal(run.stderr, "");
  assert.equal(run.status, 0);
});

test("a server that is gone already is stopped", () => {
  const run = spawnSync(process.execPath, code(`
    const mock = await startMock();
    (await import("node:child_process")).spawnSync("pkill", ["-KILL", "-P", String(process.pid), "lakebase-mock"]);
    await mock.stop();
    await mock.stop();
    console.log("stopped");`), { encoding: "utf8" });
  assert.equal(run.stdout, "stopped\n");
});

test("a killed test takes its server along", async () => {
  const child = spawn(process.execPath, code("console.log((await startMock()).url); setInterval(() => {}, 1000);"));
  const url = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
  child.kill("SIGKILL");
  const until = Date.now() + 60000;
  while (await fetch(`${url}/_mock/health`).then(() => true, () => false)) assert.ok(Date.now() < until, `${url} still answers`);
});

test("a program is found behind the commands of packages, which would look for one themselves", () => {
  const folder = mkdtempSync(join(tmpdir(), "lakebase-mock-"));
  const { PATH, LAKEBASE_MOCK } = process.env;
  try {
    for (const [name, text] of [["program", "\x7fELF"], ["script", "#!/bin/sh\n"]]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "lakebase-mock"), text);
      chmodSync(join(folder, name, "lakebase-mock"), 0o755);
    }
    mkdirSync(join(folder, "linked"));
    symlinkSync(new URL("../bin/lakebase-mock.js", import.meta.url), join(folder, "linked", "lakebase-mock"));
    delete process.env.LAKEBASE_MOCK;
    process.env.PATH = `${folder}/linked:${folder}/script`;
    assert.throws(() => program(), /there is no lakebase-mock/);
    process.env.PATH += `:${folder}/program`;
    assert.equal(program(), join(folder, "program", "lakebase-mock"));
  } finally {
    Object.assign(process.env, { PATH, LAKEBASE_MOCK });
    rmSync(folder, { recursive: true });
  }
});
