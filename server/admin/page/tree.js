// SPDX-License-Identifier: Apache-2.0
// Resources as a tree of names, and the rows of it that are in sight when some of it is folded.
import { stateOf } from './format.js';

const ORDER = ['branch', 'endpoint', 'database', 'role'];
const rank = kind => { const at = ORDER.indexOf(kind); return at < 0 ? ORDER.length : at; };
const byKind = (a, b) => rank(a.object.kind) - rank(b.object.kind) || a.object.kind.localeCompare(b.object.kind) ||
  (a.object.deleted ? 1 : 0) - (b.object.deleted ? 1 : 0) || a.object.seq - b.object.seq;

// The parent by name: a resource whose parent is not there stands at the top.
function parentOf(name, nodes) {
  for (let at = name.length; (at = name.lastIndexOf('/', at - 1)) > 0;) {
    const up = name.slice(0, at);
    if (nodes.has(up)) return nodes.get(up);
  }
  return null;
}

// {roots, nodes, busy}: busy maps the name of a resource to what runs on it.
export function plant(resources) {
  const nodes = new Map(), busy = new Map(), roots = [];
  for (const [name, object] of resources) {
    if (object.kind === 'operation' || object.kind === 'maintenance') { if (object.scope) busy.set(object.scope, object); continue; }
    nodes.set(name, { name, object, children: [] });
  }
  for (const node of nodes.values()) {
    const up = parentOf(node.name, nodes);
    node.parent = up;
    (up ? up.children : roots).push(node);
  }
  for (const node of nodes.values()) node.children.sort(byKind);
  roots.sort((a, b) => (a.object.kind === 'project' ? 0 : 1) - (b.object.kind === 'project' ? 0 : 1) || byKind(a, b));
  return { roots, nodes, busy };
}

function keepers(forest, text) {
  const keep = new Set();
  for (const node of forest.nodes.values()) {
    const hit = node.name.toLowerCase().includes(text) || stateOf(node.object).toLowerCase().includes(text) || node.object.kind.includes(text);
    for (let up = hit ? node : null; up && !keep.has(up); up = up.parent) keep.add(up);
  }
  return keep;
}

// The rows in the order of the page. `open(node)` says whether its children are shown.
export function unfold(forest, open, text) {
  const rows = [], keep = text ? keepers(forest, text) : null;
  const walk = (list, level) => {
    const shown = keep ? list.filter(n => keep.has(n)) : list;
    shown.forEach((node, i) => {
      const expanded = node.children.length > 0 && (keep ? node.children.some(c => keep.has(c)) : open(node));
      rows.push(node);
      Object.assign(node, { level, expanded, place: i + 1, siblings: shown.length });
      if (expanded) walk(node.children, level + 1);
    });
  };
  walk(forest.roots, 1);
  return rows;
}
