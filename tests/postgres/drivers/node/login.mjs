// SPDX-License-Identifier: Apache-2.0
// node login.mjs HOST PORT USER: one row through node-postgres; the password is PGPASSWORD.
import pg from "pg";

const [host, port, user] = process.argv.slice(2);
// ssl: true verifies the chain, with NODE_EXTRA_CA_CERTS as the authority
const client = new pg.Client({ host, port: Number(port), user, database: "databricks_postgres", ssl: true });
await client.connect();
console.log((await client.query("SELECT current_user")).rows[0].current_user);
await client.end();
