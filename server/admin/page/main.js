// SPDX-License-Identifier: Apache-2.0
// The frame: which view is shown, which workspace, whether the server is there.
import { $, h, set } from './dom.js';
import { get } from './api.js';
import { dateTime, decode } from './format.js';
import { hear, model, now, watch } from './model.js';
import * as requests from './requests.js';
import * as resources from './resources.js';
import * as faults from './faults.js';
import * as clock from './clock.js';
import * as workspaces from './workspaces.js';

const views = { requests, resources, faults, clock, workspaces };
let shown = null;

// "#requests/17?status=5xx" -> {view, rest, query}
function address() {
  const [path, query] = location.hash.slice(1).split('?');
  const [view, ...rest] = path.split('/');
  return { view: views[view] ? view : 'requests', rest: decode(rest.join('/')), query: new URLSearchParams(query || '') };
}

function show() {
  const at = address();
  if (shown?.name === at.view) {
    shown.go(at.rest, at.query);
    return;
  }
  shown?.leave();
  set($('main'));
  shown = { ...views[at.view].open($('main'), at.rest, at.query), name: at.view };
  for (const link of document.querySelectorAll('.views a'))
    if (link.dataset.view === at.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  document.title = `${views[at.view].title} – ${model.workspace} – lakebase-mock`;
}

const named = () => new URLSearchParams(location.search).get('workspace') || 'default';

// Another workspace is another address; what is open of the old one is closed.
function enter(workspace) {
  shown?.leave();
  shown = null;
  watch(workspace);
  show();
  fillWorkspaces();
}

async function fillWorkspaces() {
  const doc = await get('workspaces').catch(() => null);
  const names = doc ? doc.workspaces.map(w => w.name) : [];
  if (!names.includes(model.workspace)) names.unshift(model.workspace);
  set($('workspace'), ...names.slice(0, 500).map(name => new Option(name, name, false, name === model.workspace)));
  $('workspace').value = model.workspace;
}

function drawServer() {
  const { connected, server, trouble } = model;
  $('live').textContent = connected === null ? 'connecting' : connected ? 'live' : 'offline';
  $('live').className = `live ${connected ? 'on' : connected === false ? 'off' : ''}`;
  $('banner').hidden = connected !== false;
  $('banner').textContent = trouble || `The server at ${location.host} does not answer. What you see is what was known last; this page looks again by itself.`;
  if (!server) return;
  set($('about'),
    h('span', {}, `lakebase-mock ${server.version}`), h('span', {}, `profile ${server.profile}`), h('span', {}, `seed ${server.seed}`),
    h('a', { href: '/_mock/openapi.json' }, 'OpenAPI'), h('a', { href: '/_mock/routes' }, 'routes'), h('a', { href: '/_mock/metrics' }, 'metrics'));
}

function drawClock() {
  if (!model.clock) return;
  const { mode, factor } = model.clock;
  set($('clock-chip'), h('b', {}, mode === 'scaled' ? `× ${factor}` : mode), `${dateTime(new Date(now()).toISOString())}Z`);
}

function drawCounts() {
  const counts = { requests: model.journal.next - 1, faults: model.rules.num };
  for (const [view, n] of Object.entries(counts)) {
    const link = document.querySelector(`.views a[data-view=${view}]`);
    let count = link.querySelector('.count');
    if (!n) { count?.remove(); continue; }
    if (!count) link.append(' ', count = h('span.count'));
    if (count.textContent !== String(n)) count.textContent = n;
  }
}

// A link of the page keeps the workspace of the page; one to another workspace goes there.
export function go(workspace, hash = '#requests') {
  history.pushState(null, '', `${location.pathname}?workspace=${encodeURIComponent(workspace)}${hash}`);
  enter(workspace);
}

hear('server', drawServer);
hear('clock', drawClock);
hear('rows', drawCounts);
hear('rules', drawCounts);
hear('workspaces', fillWorkspaces);
setInterval(() => { if (!document.hidden && model.clock?.mode !== 'manual') drawClock(); }, 1000);
addEventListener('hashchange', show);
addEventListener('popstate', () => { if (named() !== model.workspace) enter(named()); });
addEventListener('go', e => go(e.detail.workspace, e.detail.hash));
$('workspace').addEventListener('change', e => go(e.target.value, location.hash || '#requests'));
document.addEventListener('click', e => { // a menu closes when something else is clicked
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(e.target)) menu.open = false;
});
document.addEventListener('keydown', e => {
  const menu = e.key === 'Escape' && document.activeElement?.closest('details.menu[open]');
  if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
});
enter(named());
