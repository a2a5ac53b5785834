// SPDX-License-Identifier: Apache-2.0
// What there is, as a tree; what one of them says; and what changed while you were looking.
import { h, set, stamp } from './dom.js';
import { get } from './api.js';
import { bytes, clockTime, dateTime, ids, kindWord, lastPair, plural, stateOf, stateTone, until } from './format.js';
import { hear, model, now, told } from './model.js';
import { List } from './list.js';
import { plant, unfold } from './tree.js';
import { graph, sourceOf } from './branches.js';

export const title = 'Resources';
const FRESH = 2500;

// Which parts are folded, remembered for each workspace. Few projects are open at first, many are not.
function memory() {
  const key = `tree:${model.workspace}`;
  let known = {};
  try { known = JSON.parse(localStorage.getItem(key)) || {}; } catch { /* never mind */ }
  const save = () => { try { localStorage.setItem(key, JSON.stringify(known)); } catch { /* full */ } };
  return {
    open: node => known[node.name] ?? (known['*'] ?? (model.resources.size < 400 || node.level > 1)),
    set: (name, on) => { known[name] = on; save(); },
    all: on => { known = { '*': on }; save(); },
  };
}

function note(node, busy) {
  const { doc, kind, deleted, due, event } = node.object, { status = {} } = doc;
  if (busy) return busy.kind === 'maintenance' ? 'under maintenance' : 'an operation runs';
  if (deleted) return due && /purged/.test(event) ? `${(event || '').replaceAll('_', ' ')} ${until(due, now())}` : '';
  if (kind === 'branch' && sourceOf(doc)) return `from ${lastPair(sourceOf(doc))[1]}`;
  if (kind === 'endpoint') return [/READ_ONLY/.test(status.endpoint_type) ? 'read-only' : 'read-write', status.autoscaling_limit_max_cu && `${status.autoscaling_limit_min_cu}–${status.autoscaling_limit_max_cu} CU`].filter(Boolean).join(', ');
  if (kind === 'project') return status.display_name && status.display_name !== lastPair(node.name)[1] ? status.display_name : '';
  if (kind === 'role') return (status.identity_type || '').replace(/.*UNSPECIFIED/, '').toLowerCase().replaceAll('_', ' ');
  if (kind === 'database') return status.role ? `owner ${lastPair(status.role)[1]}` : '';
  return '';
}

function cells(node, forest) {
  const { object } = node, state = stateOf(object), words = note(node, forest.busy.get(node.name));
  const fresh = object.changed && performance.now() - object.changed < FRESH;
  const name = h('span.name', {}, h('span.twist', { 'aria-hidden': 'true' }), h('b', {}, lastPair(node.name)[1] || node.name), ' ', h('span.kind', {}, kindWord(object.kind)), ' ',
    object.doc.status?.default && h('span.badge', {}, 'default'));
  name.style.paddingLeft = `${(node.level - 1) * 20}px`;
  return {
    cls: `${object.deleted ? '.gone' : ''}${fresh ? '.fresh' : ''}`,
    props: { 'aria-level': node.level, 'aria-expanded': node.children.length ? String(node.expanded) : null, 'aria-posinset': node.place, 'aria-setsize': node.siblings },
    children: [name, ' ', h('span.note', {}, words), ' ', state ? h(`span.badge${stateTone(state) ? `.${stateTone(state)}` : ''}`, {}, state) : h('span')],
  };
}

const words = v => v === true ? 'yes' : v === false ? 'no' : Array.isArray(v) ? v.map(x => typeof x === 'object' ? JSON.stringify(x) : x).join(', ') : String(v);

// The leaves of a document, as names with dots and values.
function leaves(doc, prefix = '') {
  return Object.entries(doc).flatMap(([k, v]) => v && typeof v === 'object' && !Array.isArray(v) ? leaves(v, `${prefix}${k}.`) : [[prefix + k, v]]);
}

function value(v) {
  if (typeof v === 'string' && model.resources.has(v)) return h('a', { href: `#resources/${v}` }, v);
  if (typeof v === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(v)) return dateTime(v);
  return words(v);
}

const CLUSTER_TONES = { awake: 'ok', asleep: 'info', starting: 'warn', stopping: 'warn', absent: '' };

// The database server behind a branch, when there is a data plane.
function cluster(c) {
  return h('div.block', {}, h('h3', {}, 'Database server'), h('dl.facts', {},
    h('dt', {}, 'State'), h('dd', {}, h(`span.badge${CLUSTER_TONES[c.state] ? `.${CLUSTER_TONES[c.state]}` : ''}`, {}, c.state)),
    c.trouble && [h('dt', {}, 'Trouble'), h('dd.trouble', {}, c.trouble)],
    c.version && [h('dt', {}, 'PostgreSQL'), h('dd', {}, c.version)],
    h('dt', {}, 'Sessions'), h('dd', {}, String(c.connections ?? 0)),
    c.bytes ? [h('dt', {}, 'On disk'), h('dd', {}, bytes(c.bytes))] : null, c.pid ? [h('dt', {}, 'Process'), h('dd', {}, String(c.pid))] : null,
    (c.endpoints || []).map(e => [h('dt', {}, h('a', { href: `#resources/${e.name}` }, lastPair(e.name)[1]), e.role === 'replica' ? ', replica' : ''),
      h('dd', {}, h('code', {}, e.address || 'no address yet'), e.state !== c.state && [' ', h(`span.badge${CLUSTER_TONES[e.state] ? `.${CLUSTER_TONES[e.state]}` : ''}`, {}, e.state)])])));
}

function drawOne(where, node, forest, postgres) {
  const { object } = node, state = stateOf(object), running = forest.busy.get(node.name);
  const project = node.name.split('/').slice(0, 2).join('/');
  const branches = ['project', 'branch'].includes(object.kind) ? [...model.resources.values()].filter(o => o.kind === 'branch' && o.name.startsWith(`${project}/`)) : [];
  const clusters = (postgres?.clusters || []).filter(c => c.branch === node.name || (object.kind === 'endpoint' && c.branch === node.parent?.name));
  const facts = leaves(object.doc).filter(([k]) => k !== 'name');
  set(where,
    h('h2', {}, lastPair(node.name)[1], ' ', h('span.dim', {}, kindWord(object.kind)), ' ', state && h(`span.badge${stateTone(state) ? `.${stateTone(state)}` : ''}`, {}, state)),
    h('p.path-line', {}, node.name),
    running && h('p.block', {}, h('span.badge.warn', {}, running.kind === 'maintenance' ? 'maintenance' : 'operation'), ` ${running.kind === 'maintenance' ? 'Changes are refused' : lastPair(running.name)[1]}`, running.due ? `, due ${until(running.due, now())}` : ''),
    object.due && !object.deleted && h('p.block', {}, h('span.badge.info', {}, 'due'), ` ${(object.event || 'something').replaceAll('_', ' ')} ${until(object.due, now())} (${dateTime(object.due)})`),
    h('p.subs', {}, h('a.button.small', { href: `#requests?text=${encodeURIComponent(node.name)}` }, 'Its requests')),
    branches.length > 0 && h('div', {}, h('h3', {}, object.kind === 'project' ? 'Branches' : 'Where it comes from'), graph(branches, node.name)),
    clusters.map(cluster),
    h('div.block', {}, h('h3', {}, 'Fields'), h('dl.facts', {}, facts.map(([k, v]) => [h('dt', {}, k.replace(/^status\./, '').replaceAll('_', ' ').replaceAll('.', ', ')), h('dd', {}, value(v))]))),
    h('details.block', {}, h('summary.small', {}, 'As JSON'), h('pre', { tabindex: '0', 'aria-label': 'JSON' }, JSON.stringify(object.doc, null, 2))));
}

function drawNone(where, forest, postgres) {
  if (!forest.nodes.size) {
    set(where, h('div.empty', {}, h('h2', {}, model.exists ? 'Nothing here yet' : `Workspace ${model.workspace} does not exist yet`),
      h('p', {}, model.exists ? 'Resources appear as clients create them.' : `The first request with the token mock-${model.workspace} makes it; looking does not.`)));
    return;
  }
  const awake = (postgres?.clusters || []).filter(c => c.state === 'awake');
  set(where, h('h2', {}, 'Changes'),
    h('p.hint', {}, 'Choose a resource to see what it says. What changes while this page is open is listed here.'),
    model.changes.length ? h('ol.changes', {}, model.changes.map(c => h('li', {}, h('time', {}, clockTime(new Date(c.at).toISOString()).slice(0, 8)),
      h('span', {}, h('a', { href: `#resources/${c.name}` }, ids(c.name)), ` ${kindWord(c.kind)}: `, c.from, ' → ', h(`span.badge${stateTone(c.to) ? `.${stateTone(c.to)}` : ''}`, {}, c.to)))))
      : h('p.dim', {}, 'None so far.'),
    postgres && h('div.block', {}, h('h3', {}, 'Databases'), h('p', {}, `${plural(postgres.clusters.length, 'cluster')}, ${awake.length} awake, ${plural(awake.reduce((n, c) => n + (c.connections || 0), 0), 'session')}; PostgreSQL ${(postgres.versions || []).join(', ')} on port ${postgres.port}.`)));
}

export function open(main, rest) {
  const t = stamp('view-resources'), known = memory();
  let chosen = rest, forest = plant(new Map()), queued = false, postgres = null, asked = -Infinity, gone = false;
  const rows = () => unfold(forest, known.open, t.find.value.trim().toLowerCase());
  const turn = (node, on) => { if (node.children.length) { known.set(node.name, on); refresh(); } };
  const list = new List({
    role: 'tree', label: 'Resources', cells: n => cells(n, forest), key: n => n.name, height: () => 30,
    stamp: n => `${n.object.version}.${n.level}.${n.expanded}.${n.place}.${n.siblings}.${forest.busy.has(n.name)}.${n.object.due ? Math.floor(now() / 5000) : 0}`,
    choose: (n, e) => { if (e.target.closest?.('.twist')) turn(n, !n.expanded); else location.hash = `#resources/${n.name}`; },
    keys: (key, n) => {
      if (key === 'ArrowRight' && n.children.length && !n.expanded) turn(n, true);
      else if (key === 'ArrowRight' && n.expanded) { list.active = n.children[0].name; list.reveal(list.index(list.active)); list.draw(); }
      else if (key === 'ArrowLeft' && n.expanded) turn(n, false);
      else if (key === 'ArrowLeft' && n.parent) { list.active = n.parent.name; list.reveal(list.index(list.active)); list.draw(); }
      else return false;
      return true;
    },
  });
  list.el.classList.add('tree');
  t.list.append(list.el);
  main.append(t.root);

  function side() {
    const node = chosen && forest.nodes.get(chosen), at = t.detail.scrollTop, open = t.detail.querySelector('details')?.open;
    if (node) drawOne(t.detail, node, forest, postgres);
    else if (!told()) set(t.detail);
    else if (chosen) set(t.detail, h('div.empty', {}, h('h2', {}, chosen), h('p', {}, 'It is not there, or not any more.')));
    else drawNone(t.detail, forest, postgres);
    if (open && t.detail.querySelector('details')) t.detail.querySelector('details').open = true;
    t.detail.scrollTop = at;
  }
  function refresh() {
    queued = false;
    if (gone) return;
    forest = plant(model.resources);
    const kinds = {};
    for (const n of forest.nodes.values()) kinds[n.object.kind] = (kinds[n.object.kind] || 0) + 1;
    list.show(rows(), chosen);
    if (told()) set(t.summary, h('b', {}, plural(forest.nodes.size, 'resource')), Object.keys(kinds).length ? `: ${Object.entries(kinds).sort((a, b) => b[1] - a[1]).map(([k, n]) => plural(n, kindWord(k), k === 'branch' ? 'branches' : `${kindWord(k)}s`)).join(', ')}` : '',
      model.leftOut ? `; ${plural(model.leftOut, 'more is', 'more are')} left out` : '');
    side();
    dataPlane();
  }
  // The data plane is a part that may not be there.
  async function dataPlane() {
    if (!model.postgres || document.hidden || performance.now() - asked < 2000) return;
    asked = performance.now();
    const doc = await get('postgres', { workspace: model.workspace }).catch(() => null);
    if (doc && !gone && JSON.stringify(doc) !== JSON.stringify(postgres)) { postgres = doc; side(); }
  }
  const later = () => { if (!queued) { queued = true; setTimeout(refresh, 150); } };
  t.find.addEventListener('input', refresh);
  t.expand.addEventListener('click', () => { known.all(true); refresh(); });
  t.collapse.addEventListener('click', () => { known.all(false); refresh(); });
  const ends = [hear('resources', later), hear('rows', dataPlane)];
  const timer = setInterval(() => { if (!document.hidden && model.clock?.mode !== 'manual') list.draw(); dataPlane(); }, 5000);
  const fade = setInterval(() => { for (const row of list.el.querySelectorAll('.fresh')) { const n = list.items[row.at]; if (!n || performance.now() - n.object.changed > FRESH) row.classList.remove('fresh'); } }, 1000);
  refresh();
  const reveal = () => {
    const node = forest.nodes.get(chosen);
    for (let up = node?.parent; up; up = up.parent) known.set(up.name, true);
    refresh();
    if (node) { list.active = chosen; list.reveal(Math.max(0, list.index(chosen))); list.draw(); }
  };
  if (chosen) { const end = hear('resources', () => { end(); setTimeout(reveal, 200); }); reveal(); }
  return {
    go: r => { chosen = r; t.detail.scrollTop = 0; if (r && list.index(r) < 0) reveal(); else { list.show(list.items, chosen); side(); } },
    leave: () => { gone = true; ends.forEach(end => end()); clearInterval(timer); clearInterval(fade); list.leave(); },
  };
}
