// SPDX-License-Identifier: Apache-2.0
// @databricks/lakebase and the SDK under it: a project's life, credentials and who the caller is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import {
  generateDatabaseCredential,
  getLakebasePgConfig,
  getUsernameWithApiLookup,
} from "@databricks/lakebase";

const { WorkspaceClient } = createRequire(import.meta.url)("@databricks/sdk-experimental");
const url = process.env.MOCK_URL;
assert.ok(url, "MOCK_URL is not set: tests/sdk/run.sh node starts the server and sets it");
const PRIMARY = "projects/shop/branches/production/endpoints/primary";

/** A client of a workspace of its own, and requests of it. */
async function workspace(name) {
  const token = `mock-node-${name}`;
  await fetch(`${url}/_mock/reset?workspace=node-${name}`, { method: "POST" });
  const client = new WorkspaceClient({ host: url, token, authType: "pat" });
  const call = (method, path, payload, query) =>
    client.apiClient.request({
      path: `/api/2.0/postgres/${path}`,
      method,
      headers: new Headers({ Accept: "application/json", "Content-Type": "application/json" }),
      raw: false,
      payload,
      query,
    });
  return { client, call, token };
}

async function finished(call, operation) {
  for (let tries = 0; tries < 10 && !operation.done; tries++) {
    operation = await call("GET", operation.name);
  }
  assert.equal(operation.done, true);
  return operation.response;
}

async function withShop(name) {
  const it = await workspace(name);
  await finished(it.call, await it.call("POST", "projects", { spec: { display_name: "Shop" } }, { project_id: "shop" }));
  return it;
}

test("the life of a project", async () => {
  const { call } = await withShop("life");
  const project = await call("GET", "projects/shop");
  assert.equal(project.status.display_name, "Shop");
  assert.equal(project.status.branch_logical_size_limit_bytes, 8796093022208);
  const branch = await finished(call, await call("POST", "projects/shop/branches",
    { spec: { no_expiry: true } }, { branch_id: "dev" }));
  assert.equal(branch.status.current_state, "READY");
  const { branches } = await call("GET", "projects/shop/branches", undefined, { page_size: 10 });
  assert.deepEqual(branches.map((b) => b.branch_id), ["production", "dev"]);
  await finished(call, await call("DELETE", "projects/shop/branches/dev"));
  await finished(call, await call("DELETE", "projects/shop", undefined, { purge: true }));
  await assert.rejects(call("GET", "projects/shop"), /project id not found/);
});

test("errors are read", async () => {
  const { call } = await withShop("errors");
  await assert.rejects(
    call("POST", "projects", { spec: {} }, { project_id: "shop" }),
    (e) => e.statusCode === 409 && e.errorCode === "ALREADY_EXISTS");
  await assert.rejects(
    call("POST", "projects/shop/branches", { spec: {} }, { branch_id: "dev" }),
    /Expiration must be specified when creating a branch/);
  await assert.rejects(call("DELETE", "projects/shop/branches/production"), /Cannot delete root branch/);
});

test("a credential", async () => {
  const { client } = await withShop("credential");
  const credential = await generateDatabaseCredential(client, {
    endpoint: PRIMARY,
    claims: [{ permission_set: "READ_ONLY", resources: [{ table_name: "main.raw.orders" }] }],
  });
  assert.equal(credential.token.split(".").length, 3);
  const left = (Date.parse(credential.expire_time) - Date.now()) / 1000;
  assert.ok(left > 3500 && left < 3700, `it lives for ${left} s`);
  await assert.rejects(generateDatabaseCredential(client, { endpoint: "projects/none/branches/a/endpoints/b" }),
    /Project with name 'projects\/none' not found/);
});

test("the driver fetches a password and keeps it", async () => {
  const { client, call } = await withShop("driver");
  const { status } = await call("GET", PRIMARY);
  const config = getLakebasePgConfig({
    workspaceClient: client, endpoint: PRIMARY, host: status.hosts.host,
    database: "databricks_postgres", user: "admin@example.com",
  });
  const [first, second] = await Promise.all([config.password(), config.password()]);
  assert.equal(first, second);
  assert.equal(await config.password(), first);
  const journal = await (await fetch(
    `${url}/_mock/journal?workspace=node-driver&rpc=GenerateDatabaseCredential`)).json();
  assert.equal(journal.requests.length, 1);
});

test("who the caller is", async () => {
  const { client } = await workspace("me");
  assert.equal(await getUsernameWithApiLookup({ workspaceClient: client }), "admin@example.com");
});
