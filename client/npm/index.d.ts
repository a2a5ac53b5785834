// SPDX-License-Identifier: Apache-2.0

/** The mock refused, or is not there; `status` is the HTTP status, `body` the document. */
export class MockError extends Error {
  status?: number;
  body?: Record<string, unknown>;
}

export interface Rule {
  id?: string;
  match?: Record<string, string>;
  when?: { skip?: number; times?: number; probability?: number };
  phase?: "before" | "after_commit" | "mid_body";
  action: { type: string; [field: string]: unknown };
  expect?: { fired: number };
}

export interface JournalRow {
  seq: number;
  rpc: string | null;
  method: string;
  path: string;
  status: number;
  fault: string | null;
  applied: boolean;
  delivered: "full" | "partial" | "none" | "pending";
  [field: string]: unknown;
}

/** One isolated world: its own resources, clock, faults and journal. */
export class Workspace {
  constructor(url: string, name: string, user?: string);
  readonly url: string;
  readonly name: string;
  readonly user: string;
  readonly token: string;
  /** What a Databricks client needs in its environment. */
  readonly env: { DATABRICKS_HOST: string; DATABRICKS_TOKEN: string };
  as(user: string): Workspace;
  call(method: string, path: string, body?: unknown, query?: Record<string, unknown>): Promise<any>;
  addFault(rule: Rule): Promise<Rule & { id: string; matched: number; skipped: number; fired: number }>;
  faults(): Promise<Array<Rule & { id: string; matched: number; skipped: number; fired: number }>>;
  clearFaults(): Promise<void>;
  freeze(now?: string): Promise<void>;
  advance(by: string): Promise<Array<{ time: string; name: string; event: string }>>;
  journal(filters?: Record<string, unknown>): Promise<JournalRow[]>;
  calls(filters?: Record<string, unknown>): Promise<any[]>;
  grade(): Promise<any>;
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** A running server. */
export class Mock {
  constructor(url: string);
  readonly url: string;
  /** A workspace of that name; without one, a fresh name: one for each test. */
  workspace(name?: string, user?: string): Workspace;
  health(): Promise<any>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Go to the server as they are: ["--lro", "sync"]. */
  flags?: string[];
  binary?: string;
  /** Milliseconds to wait until it is ready. */
  timeout?: number;
}

/** Starts a server on a free port, or uses the address in LAKEBASE_MOCK. */
export function startMock(options?: StartOptions): Promise<Mock>;
/** The path of a program of this package, or on the PATH. */
export function program(name?: "lakebase-mock" | "lakebasectl"): string;
/** The version line of the program. */
export function version(): string;
