// SPDX-License-Identifier: Apache-2.0
// pool.mjs pg|lakebase: a pool that has its tokens from a function, or from @databricks/lakebase.
// Each line on stdin is one query of an application; its result is a line on stdout.
import { createInterface } from "node:readline";
import { createLakebasePool } from "@databricks/lakebase";
import pg from "pg";

const { DATABRICKS_HOST: url, DATABRICKS_TOKEN: bearer, LAKEBASE_ENDPOINT: endpoint } = process.env;

async function password() {
  const reply = await fetch(`${url}/api/2.0/postgres/credentials`, {
    method: "POST",
    headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint }),
  });
  if (!reply.ok) throw new Error(`no token: ${reply.status}`);
  return (await reply.json()).token;
}

// Host, port and user come from PG…, the authority from NODE_EXTRA_CA_CERTS.
const pool = process.argv[2] === "pg"
  ? new pg.Pool({ database: "databricks_postgres", password, ssl: true })
  : createLakebasePool({ database: "databricks_postgres" });
// Without a listener the end of an idle connection ends the process.
pool.on("error", (e) => console.error("idle:", e.message));

for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await pool.query("SELECT 1");
    console.log(JSON.stringify({ verdict: "ok", code: "" }));
  } catch (e) {
    console.error(e.message);
    const said = e.code ? e.constructor.name : `${e.name}: ${e.message}`;
    console.log(JSON.stringify({ verdict: said, code: e.code ?? "" }));
  }
}
process.exit(0);
