// SPDX-License-Identifier: Apache-2.0
// Starts lakebase-mock and turns its knobs: workspaces, faults, the clock, the journal.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { delimiter, join } from "node:path";

const require = createRequire(import.meta.url);

export class MockError extends Error {
  constructor(message, status, body) {
    super(message);
    this.name = "MockError";
    this.status = status;
    this.body = body;
  }
}

// The command of a package for Node.js or Python, which would look for the program itself, and might find us.
function isScript(path) {
  const file = openSync(path);
  const first = Buffer.alloc(2);
  readSync(file, first);
  closeSync(file);
  return first.toString("latin1") === "#!";
}

/** The path of a program: $LAKEBASE_MOCK for the server, the platform's package, or the PATH. */
export function program(name = "lakebase-mock") {
  const named = name === "lakebase-mock" ? process.env.LAKEBASE_MOCK : undefined;
  if (named && !/^https?:/.test(named)) {
    if (!existsSync(named))
      throw new MockError(`there is no program ${named}; correct LAKEBASE_MOCK, or leave it out`);
    return named;
  }
  try {
    return require.resolve(`@lakebase-mock/${process.platform}-${process.arch}/bin/${name}`);
  } catch {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      if (folder && statSync(path, { throwIfNoEntry: false })?.isFile() && !isScript(path)) return path;
    }
  }
  throw new MockError(
    `there is no ${name} for ${process.platform}-${process.arch}: the package for this platform is missing ` +
      "(was npm told to leave optional packages out?). Build one and put its path into LAKEBASE_MOCK",
  );
}

/** Runs a program in place of this process, as well as node can. */
export function run(name, args) {
  let path;
  try {
    path = program(name);
  } catch (e) {
    console.error(`${name}: ${e.message}`);
    process.exit(2);
  }
  const child = spawn(path, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (e) => {
    console.error(`${name}: ${path} cannot be started: ${e.message}`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

async function call(url, method, path, body, query = {}) {
  let reply;
  try {
    const at = new URL(path, url);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) at.searchParams.set(key, String(value));
    reply = await fetch(at, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (e) {
    throw new MockError(`no lakebase-mock answers at ${url} (${e.cause?.message ?? e.message})`);
  }
  const text = await reply.text();
  let document = {};
  try {
    document = text ? JSON.parse(text) : {};
  } catch {}
  if (!reply.ok) throw new MockError(document.message ?? `${method} ${path}: HTTP ${reply.status}`, reply.status, document);
  return document;
}

/** One isolated world: its own resources, clock, faults and journal. */
export class Workspace {
  constructor(url, name, user = "admin") {
    this.url = url;
    this.name = name;
    this.user = user;
  }
  get token() {
    return `mock-${this.name}.${this.user}`;
  }
  /** What a Databricks client needs in its environment. */
  get env() {
    return { DATABRICKS_HOST: this.url, DATABRICKS_TOKEN: this.token };
  }
  as(user) {
    return new Workspace(this.url, this.name, user);
  }
  /** Any /_mock route of this workspace. */
  call(method, path, body, query) {
    return call(this.url, method, path, body, { workspace: this.name, ...query });
  }
  async addFault(rule) {
    const answer = await this.call("POST", "/_mock/faults", rule);
    return answer.faults?.[0] ?? answer;
  }
  async faults() {
    return (await this.call("GET", "/_mock/faults")).faults;
  }
  async clearFaults() {
    await this.call("DELETE", "/_mock/faults");
  }
  /** Stops the clock, at `now` (RFC 3339) or where it is. */
  async freeze(now) {
    await this.call("PUT", "/_mock/clock", { mode: "manual", ...(now ? { now } : {}) });
  }
  /** Turns a stopped clock on by "26h"; what fell due, in order. */
  async advance(by) {
    return (await this.call("POST", "/_mock/clock/advance", { by })).events;
  }
  async journal(filters) {
    return (await this.call("GET", "/_mock/journal", undefined, filters)).requests;
  }
  async calls(filters) {
    return (await this.call("GET", "/_mock/calls", undefined, filters)).calls;
  }
  /** How the client retried; what could still come counts as not having come. */
  grade() {
    return this.call("GET", "/_mock/grade", undefined, { final: 1 });
  }
  async reset() {
    await this.call("POST", "/_mock/reset");
  }
  async drop() {
    await call(this.url, "DELETE", `/_mock/workspaces/${this.name}`);
  }
}

/** A running server. */
export class Mock {
  #child;
  constructor(url, child) {
    this.url = url.replace(/\/$/, "");
    this.#child = child;
  }
  /** A workspace of that name; without one, a fresh name: one for each test. */
  workspace(name = `test-${randomBytes(6).toString("hex")}`, user = "admin") {
    return new Workspace(this.url, name, user);
  }
  health() {
    return call(this.url, "GET", "/_mock/health");
  }
  /** Ends the server, if it was started here. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(late);
  }
  async [Symbol.asyncDispose ?? Symbol.for("nodejs.asyncDispose")]() {
    await this.stop();
  }
}

/**
 * Starts a server on a free port; the address in LAKEBASE_MOCK is used instead if there is one.
 * `flags` go to the server as they are.
 */
export async function startMock({ flags = [], binary, timeout = 10000 } = {}) {
  const address = process.env.LAKEBASE_MOCK;
  if (!binary && address && /^https?:/.test(address)) {
    const mock = new Mock(address);
    await mock.health();
    return mock;
  }
  const path = binary ?? program();
  // Its standard input ends with this process, however that ends, and takes it along.
  const child = spawn(path, ["serve", "--listen", "127.0.0.1:0", "--end-with-stdin", ...flags]);
  let out = "";
  let log = "";
  child.stderr.on("data", (text) => (log = (log + text).slice(-8000)));
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(late);
      child.kill("SIGKILL");
      reject(new MockError(`${path} did not get ready: ${log.trim() || why}`));
    };
    const late = setTimeout(() => fail(`nothing was heard for ${timeout} ms`), timeout);
    child.once("error", (e) => fail(e.message));
    child.once("exit", (code) => fail(`it ended with ${code}`));
    child.stdout.on("data", (text) => {
      out += text;
      if (!out.includes("\n")) return;
      try {
        const { url } = JSON.parse(out.slice(0, out.indexOf("\n")));
        clearTimeout(late);
        child.removeAllListeners("exit");
        resolve(url);
      } catch {
        fail("its first line is not that of a lakebase-mock");
      }
    });
  });
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.unref();
  child.unref();
  return new Mock(url, child);
}

/** The version line of the program, to see that it runs here. */
export function version() {
  return spawnSync(program(), ["version"], { encoding: "utf8" }).stdout.trim();
}
