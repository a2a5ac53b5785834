// SPDX-License-Identifier: Apache-2.0
// An application on @databricks/lakebase: production, and a branch on which a change is tried.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import { createLakebasePool } from "@databricks/lakebase";

const PORT = Number(process.env.SQL_PORT ?? 15433);
let mock, ready, api;

before(async () => {
  mock = spawn(process.env.LAKEBASE_MOCK || "lakebase-mock",
    ["--listen", "127.0.0.1:0", "--log", "off", "--postgres", "auto", "--postgres-port", String(PORT)],
    { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: mock.stdout })) {
    ready = JSON.parse(line);
    break;
  }
  assert.ok(ready, "the server did not start");
  // What the driver, too, reads from the environment.
  process.env.DATABRICKS_HOST = ready.url;
  process.env.DATABRICKS_TOKEN = "mock-node";
  api = async (method, path, body) => {
    const reply = await fetch(`${ready.url}/api/2.0/postgres/${path}`, {
      method,
      headers: { Authorization: "Bearer mock-node", "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const doc = await reply.json();
    assert.ok(reply.ok, doc.message);
    return doc;
  };
});
after(() => mock.kill());

/** What a create leads to. */
async function made(path, spec) {
  let operation = await api("POST", path, { spec });
  while (!operation.done) operation = await api("GET", operation.name);
  assert.equal(operation.error, undefined);
  return operation.response.name;
}

async function open(branch) {
  const endpoint = `${branch}/endpoints/primary`;
  const { status } = await api("GET", endpoint);
  return createLakebasePool({
    endpoint, host: status.hosts.host, port: PORT, database: "databricks_postgres", user: "admin@example.com",
    ssl: { ca: readFileSync(ready.postgres.ca), rejectUnauthorized: true },
    connectionTimeoutMillis: 60000, // a first login may wait longer than the driver's 10 s: the database is made then
  });
}

test("a change is tried on a branch of the data", async () => {
  const project = await made("projects?project_id=shop", {});
  const production = await open(`${project}/branches/production`);
  await production.query("CREATE TABLE orders AS SELECT 1 AS id, 'apples' AS what");

  const trial = await open(await made(`${project}/branches?branch_id=trial`, { no_expiry: true }));
  await trial.query("ALTER TABLE orders ADD COLUMN amount integer DEFAULT 1");

  assert.deepEqual((await trial.query("SELECT * FROM orders")).rows, [{ id: 1, what: "apples", amount: 1 }]);
  assert.deepEqual((await production.query("SELECT * FROM orders")).rows, [{ id: 1, what: "apples" }]);
  await Promise.all([production.end(), trial.end()]);
});
