// SPDX-License-Identifier: Apache-2.0
// The branches of a project and where each was cut from: a line per branch, a curve from its source.
import { h, s } from './dom.js';
import { dateTime, lastPair, stateOf } from './format.js';

const ROW = 34, INDENT = 26, LEFT = 16;

export const sourceOf = doc => doc.status?.source_branch || doc.spec?.source_branch || null;

function order(branches) {
  const byName = new Map(branches.map(b => [b.name, { branch: b, children: [] }])), roots = [], rows = [];
  for (const node of byName.values()) {
    const from = byName.get(sourceOf(node.branch.doc));
    (from && from !== node ? from.children : roots).push(node);
  }
  const walk = (list, depth, up) => {
    for (const node of list.sort((a, b) => a.branch.seq - b.branch.seq)) {
      Object.assign(node, { depth, up, at: rows.push(node) - 1 });
      walk(node.children, depth + 1, node);
    }
  };
  walk(roots, 0, null);
  return rows;
}

function notes(object) {
  const { status = {} } = object.doc, words = [];
  if (status.default) words.push('default');
  if (status.is_protected) words.push('protected');
  if (status.source_branch_time) words.push(`as of ${dateTime(status.source_branch_time)}`);
  if (status.source_branch_lsn) words.push(`at ${status.source_branch_lsn}`);
  if (status.expire_time) words.push(`expires ${dateTime(status.expire_time)}`);
  const state = stateOf(object);
  if (state && state !== 'READY') words.push(state.toLowerCase());
  return words.join(', ');
}

export function graph(branches, here) {
  const rows = order(branches), deepest = Math.max(0, ...rows.map(r => r.depth));
  const x = r => LEFT + r.depth * INDENT, y = r => ROW / 2 + r.at * ROW, label = LEFT + deepest * INDENT + 22;
  const width = label + Math.max(...rows.map(r => lastPair(r.branch.name)[1].length * 8 + notes(r.branch).length * 6.8 + 24)), height = rows.length * ROW;
  const twigs = rows.filter(r => r.up).map(r => {
    const [x0, y0, x1, y1] = [x(r.up), y(r.up), x(r), y(r)];
    return s('path.twig', { d: `M${x0} ${y0 + 7}V${y1 - 10}Q${x0} ${y1} ${x0 + 10} ${y1}H${x1 - 7}` });
  });
  const dots = rows.map(r => {
    const { name } = r.branch, words = notes(r.branch);
    const cls = `dot${name === here ? '.here' : ''}${r.branch.deleted ? '.gone' : ''}`;
    return s('a', { href: `#resources/${name}`, 'aria-label': `${lastPair(name)[1]}${words ? ` ${words}` : ''}${r.up ? `, from ${lastPair(r.up.branch.name)[1]}` : ''}` },
      s(`circle.${cls}`, { cx: x(r), cy: y(r), r: 6 }),
      s('text', { x: label, y: y(r) + 4 }, lastPair(name)[1], ' ', words ? s('tspan', { dx: 12, fill: 'var(--dim)', 'font-size': 12 }, words) : ''));
  });
  return h('div.graph', { tabindex: '0', role: 'region', 'aria-label': 'Branches and their sources' },
    s('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, twigs, dots));
}
