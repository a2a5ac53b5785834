// SPDX-License-Identifier: Apache-2.0
// The workspaces of the server and the snapshots of this one. What makes or loses something asks.
import { ask, attempt, h, set, stamp, toast } from './dom.js';
import { drop, get, post } from './api.js';
import { bytes, dateTime } from './format.js';
import { hear, model } from './model.js';

export const title = 'Workspaces';
const go = (workspace, hash) => dispatchEvent(new CustomEvent('go', { detail: { workspace, hash } }));

const add = fork => ask({
  title: fork ? `Fork ${fork}` : 'New workspace', yes: fork ? 'Fork' : 'Create',
  text: fork ? 'The new one starts with its resources, clock, operations in flight and fault rules as they are now.' : 'It starts empty. Clients select it with the token mock-NAME.',
  fields: [{ name: 'name', label: 'Name', hint: 'letters, digits, - and _' }, { name: 'ttl', label: 'Drop it after (real time; leave empty to keep it)', hint: '10m' }],
  act: ({ name, ttl }) => post('workspaces', {}, { name, ...(fork ? { fork_of: fork } : {}), ...(ttl ? { ttl } : {}) }),
});

const reset = name => ask({
  title: `Reset ${name}?`, yes: 'Reset', danger: true,
  text: 'Its resources, requests, fault rules and clock are gone at once. Snapshots stay.',
  act: () => post('reset', { workspace: name }),
});

const remove = name => ask({
  title: `Delete ${name}?`, yes: 'Delete', danger: true,
  text: 'The workspace and its snapshots are gone. A request with its token makes a new one.',
  act: () => drop(`workspaces/${encodeURIComponent(name)}`),
});

const act = (text, name, fn, draw, cls = '') => h(`button.small${cls}`, { type: 'button', 'aria-label': `${text} ${name}`, onclick: attempt(async () => { if (await fn(name)) await draw(); }) }, text);

function table(heads, rows) {
  return h('table', {}, h('thead', {}, h('tr', {}, heads.map(x => h('th', { scope: 'col' }, x || h('span.sr', {}, 'Actions'))))), h('tbody', {}, rows));
}

export function open(main) {
  const t = stamp('view-workspaces');
  let gone = false, queued = false;
  main.append(t.root);
  t.name.textContent = model.workspace;

  async function draw() {
    queued = false;
    const [{ workspaces }, { snapshots }] = await Promise.all([get('workspaces'), get('snapshots', { workspace: model.workspace })]);
    if (gone) return;
    set(t.table, table(['Name', 'Clock', 'Requests', 'Rules', ''], workspaces.slice(0, 1000).map(w => h('tr', { 'aria-current': w.name === model.workspace ? 'true' : null },
      h('td', {}, h('a', { href: `?workspace=${encodeURIComponent(w.name)}#requests`, onclick: e => { if (!e.metaKey && !e.ctrlKey) { e.preventDefault(); go(w.name); } } }, w.name), w.name === model.workspace ? h('span.dim', {}, ' (this one)') : '', w.expires ? h('span.dim', {}, ` until ${dateTime(w.expires)}`) : ''),
      h('td', { title: w.now }, w.clock), h('td', {}, String(w.requests)), h('td', {}, String(w.faults)),
      h('td', {}, h('div.acts.end', {}, act('Fork', w.name, add, draw), act('Reset', w.name, reset, draw), act('Delete', w.name, remove, draw)))))));
    if (!workspaces.some(w => w.name === model.workspace)) t.table.append(h('p.hint', {}, `${model.workspace} does not exist yet.`));
    set(t.snapshots, snapshots.length ? table(['Name', 'Taken at', 'Resources', 'Size', ''], snapshots.map(x => h('tr', {},
      h('td', {}, x.name), h('td', {}, dateTime(x.time)), h('td', {}, String(x.resources)), h('td', {}, bytes(x.bytes)),
      h('td', {}, h('div.acts.end', {}, act('Restore', x.name, restore, draw), act('Delete', x.name, forget, draw))))))
      : h('p.dim', {}, 'None. A snapshot keeps the resources as they are, and the requests so far for a report that compares with them.'));
  }
  const { workspace } = model;
  const restore = name => ask({ title: `Restore ${name}?`, yes: 'Restore', danger: true, text: `The resources and clock of ${workspace} become those of the snapshot.`, act: () => post(`snapshots/${encodeURIComponent(name)}/restore`, { workspace }) });
  const forget = name => ask({ title: `Delete snapshot ${name}?`, yes: 'Delete', danger: true, act: () => drop(`snapshots/${encodeURIComponent(name)}`, { workspace }) });
  t.add.addEventListener('click', attempt(async () => { const made = await add(); if (made) { await draw(); toast(`Workspace ${made.name} is there`); } }));
  t.snap.addEventListener('click', attempt(async () => {
    if (await ask({ title: `Snapshot of ${workspace}`, yes: 'Take it', fields: [{ name: 'name', label: 'Name', hint: 'base' }], act: ({ name }) => post('snapshots', { workspace }, { name }) })) await draw();
  }));
  const later = () => { if (!queued) { queued = true; setTimeout(() => draw().catch(() => {}), 800); } };
  const ends = [hear('workspaces', later), hear('rows', later)];
  attempt(draw)();
  return { go() {}, leave: () => { gone = true; ends.forEach(end => end()); } };
}
