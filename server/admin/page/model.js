// SPDX-License-Identifier: Apache-2.0
// What the page knows of one workspace, kept up by a long poll on /_mock/feed. Views listen to the
// part that they show: rows, resources, clock, rules, workspaces, server.
import { get, Refused } from './api.js';
import { stateOf } from './format.js';

const MOST_ROWS = 5000, MOST_CHANGES = 50, PAUSE = 300, POLL = '25s';
const hearers = new Map();

export const model = {
  workspace: 'default', exists: false, server: null, connected: null,
  clock: null, clockAt: 0, rows: [], bySeq: new Map(), journal: { first: 1, next: 1, dropped: 0 },
  resources: new Map(), leftOut: 0, changes: [], rules: { num: 0, version: -1 }, workspaces: -1, warnings: 0,
  fallen: [],
};

// Whether the server has told of this workspace yet. Until then nothing is known, which is not the same as nothing.
export const told = () => model.clock !== null;

// Calls fn after each change of that part; the function that is returned ends it.
export function hear(part, fn) {
  if (!hearers.has(part)) hearers.set(part, new Set());
  hearers.get(part).add(fn);
  return () => hearers.get(part).delete(fn);
}
const tell = part => { for (const fn of hearers.get(part) || []) fn(); };

// What the workspace's clock shows now, in milliseconds.
export function now() {
  if (!model.clock) return Date.now();
  const then = Date.parse(model.clock.now);
  return model.clock.mode === 'manual' ? then : then + (performance.now() - model.clockAt) * model.clock.factor;
}

function takeRows(doc) {
  const { requests } = doc.journal;
  if (doc.whole || model.journal.next > doc.journal.next) { model.rows = []; model.bySeq.clear(); }
  else if (requests.some(r => r.seq > model.journal.next) && !requests.some(r => r.seq === model.journal.next)) {
    model.rows = []; model.bySeq.clear(); /* more came than one answer holds */
  }
  for (const row of requests) {
    const old = model.bySeq.get(row.seq);
    row.version = old ? old.version + 1 : 0;
    model.bySeq.set(row.seq, row);
    if (old) model.rows[model.rows.indexOf(old)] = row;
    else model.rows.push(row);
  }
  const gone = model.rows.findIndex(r => r.seq >= doc.journal.first);
  for (const row of model.rows.splice(0, Math.max(gone < 0 ? model.rows.length : gone, model.rows.length - MOST_ROWS)))
    model.bySeq.delete(row.seq);
  const { first, next, dropped } = doc.journal, was = model.journal;
  model.journal = { first, next, dropped };
  return doc.whole || requests.length > 0 || was.first !== first;
}

function noteChange({ name, kind }, from, to) {
  model.changes.unshift({ at: now(), name, kind, from, to });
  model.changes.length = Math.min(model.changes.length, MOST_CHANGES);
}

function takeObject(object, quiet) {
  const old = model.resources.get(object.name);
  if (old && object.deleted && !old.deleted && old.seq > object.seq) return;
  object.version = old ? old.version + 1 : 0;
  const from = old ? stateOf(old) || 'there' : 'absent', to = stateOf(object) || 'there';
  if (!quiet && object.kind !== 'operation') {
    if (from !== to) noteChange(object, from, to);
    object.changed = performance.now();
  }
  model.resources.set(object.name, object);
}

function remove(name) {
  const old = model.resources.get(name);
  if (old && old.kind !== 'operation') noteChange(old, stateOf(old) || 'there', 'gone');
  model.resources.delete(name);
}

function takeResources(doc) {
  if (doc.whole) {
    model.resources.clear();
    model.leftOut = doc.left_out || 0;
    for (const object of doc.resources) {
      const old = model.resources.get(object.name);
      if (!old || !object.deleted || (old.deleted && object.deleted > old.deleted)) takeObject(object, true);
    }
    return true;
  }
  for (const below of doc.gone_below)
    for (const name of [...model.resources.keys()]) if (name.startsWith(`${below}/`)) remove(name);
  for (const name of doc.gone) remove(name);
  for (const object of doc.resources) takeObject(object, false);
  return doc.resources.length + doc.gone.length + doc.gone_below.length > 0;
}

function take(doc) {
  const was = { ...model };
  Object.assign(model, { exists: doc.exists, clock: doc.clock, clockAt: performance.now(), rules: doc.rules, workspaces: doc.workspaces, warnings: doc.warnings, postgres: doc.postgres });
  const rows = takeRows(doc), resources = takeResources(doc);
  tell('clock');
  if (rows || was.exists !== doc.exists) tell('rows');
  if (resources) tell('resources');
  if (rows || doc.whole || was.rules?.version !== doc.rules.version) tell('rules');
  if (was.workspaces !== doc.workspaces) tell('workspaces');
}

async function connected(yes) {
  if (model.connected === yes) return;
  model.connected = yes;
  if (yes) model.server = await get('health').catch(() => model.server);
  tell('server');
}

const pause = (ms, signal) => new Promise(done => {
  const timer = setTimeout(done, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
});

// A page that nobody sees asks nothing, and leaves its connection to those that somebody does.
const inSight = () => document.hidden && new Promise(done => {
  document.addEventListener('visibilitychange', done, { once: true });
});

let ending = null;

export async function watch(workspace) {
  ending?.abort();
  const { signal } = ending = new AbortController();
  Object.assign(model, { workspace, exists: false, rows: [], bySeq: new Map(), resources: new Map(), changes: [], fallen: [], clock: null, journal: { first: 1, next: 1, dropped: 0 }, rules: { num: 0, version: -1 } });
  for (let since, failures = 0; !signal.aborted;) {
    const poll = new AbortController(), hide = () => document.hidden && poll.abort();
    signal.addEventListener('abort', () => poll.abort(), { once: true });
    document.addEventListener('visibilitychange', hide);
    try {
      await inSight();
      const doc = await get('feed', { workspace, since, timeout: since && POLL, rows: since ? 500 : 2000 }, poll.signal);
      if (signal.aborted) return;
      await connected(true);
      failures = 0;
      since = doc.stamp;
      take(doc);
      await pause(PAUSE, signal);
    } catch (e) {
      if (signal.aborted) return;
      if (e.name === 'AbortError') continue;
      model.trouble = e instanceof Refused ? e.message : null;
      await connected(false);
      await pause(Math.min(4000, 500 * 2 ** failures++), signal);
    } finally {
      document.removeEventListener('visibilitychange', hide);
    }
  }
}

export const fell = events => { model.fallen.unshift(...[...events].reverse()); tell('clock'); };
