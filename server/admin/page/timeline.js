// SPDX-License-Identifier: Apache-2.0
// The attempts of one call along the time that passed: when each began, how long it took, how long
// the answer asked to wait, and the gaps between them.
import { h, s } from './dom.js';
import { seen, span } from './format.js';

const LEFT = 14, RIGHT = 14, Y = 44, HEIGHT = 92;

// Distances that a person would choose: 1, 2 or 5 times a power of ten; then minutes and hours.
function step(range) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3, 7200e3, 21600e3, 43200e3, 86400e3];
  return steps.find(x => range / x <= 6) || 86400e3 * Math.ceil(range / 86400e3 / 6);
}

function asked(row, at) {
  if (!row.retry_after) return 0;
  const seconds = Number(row.retry_after);
  if (Number.isFinite(seconds)) return seconds >= 0 && seconds <= 600 ? seconds * 1000 : 0;
  const date = Date.parse(row.retry_after) - Date.parse(row.wall);
  return date > 0 && date <= 600e3 ? date : 0;
}

const took = row => row.delivered === 'pending' ? 0 : row.took_us / 1000;

function mark(row, x, chosen, choose) {
  const what = seen(row), cls = ['mark', what.tone].join('.');
  const shape = what.tone === 'none' || what.tone === 'pending'
    ? s(`path.${cls}`, { d: `M${x} ${Y - 7}L${x + 7} ${Y}L${x} ${Y + 7}L${x - 7} ${Y}Z` })
    : s(`circle.${cls}`, { cx: x, cy: Y, r: 6 });
  shape.append(s('title', {}, `attempt ${row.attempt}, request ${row.seq}: ${what.text}${row.fault ? `, fault ${row.fault}` : ''}${row.applied ? ', applied' : ''}`));
  shape.addEventListener('click', () => choose(row.seq));
  return [row.fault && s('circle.ring', { cx: x, cy: Y, r: 10 }), row.seq === chosen && s('circle.chosen', { cx: x, cy: Y, r: 14 }), shape];
}

export function timeline(rows, chosen, choose) {
  const figure = h('figure.timeline'), start = rows[0].at_us / 1000;
  const at = row => row.at_us / 1000 - start;
  const end = Math.max(...rows.map(r => at(r) + Math.max(took(r), asked(r))), 1);
  const svg = s('svg', { role: 'img', 'aria-label': `${rows.length} attempts over ${span(end)}; the table below says the same`, height: HEIGHT });
  const draw = () => {
    const width = Math.max(260, figure.clientWidth || 480), x = ms => LEFT + ms / end * (width - LEFT - RIGHT);
    const every = step(end), parts = [];
    for (let ms = 0; ms <= end + every / 1000; ms += every)
      parts.push(s('line.axis', { x1: x(ms), y1: 18, x2: x(ms), y2: 70 }),
        s('text', { x: Math.min(x(ms), width - 4), y: 86, 'text-anchor': ms === 0 ? 'start' : x(ms) > width - 30 ? 'end' : 'middle' }, ms === 0 ? '0' : span(ms).replace(/\.0+ /, ' ').replace(/\.(\d)0 /, '.$1 ')));
    for (const r of rows)
      if (asked(r)) parts.push(s('rect.asked', { x: x(at(r) + took(r)), y: 24, width: Math.max(1, x(asked(r)) - LEFT), height: 40 }, s('title', {}, `Retry-After asked for ${span(asked(r))}`)));
    parts.push(s('line.wire', { x1: x(0), y1: Y, x2: x(at(rows.at(-1))), y2: Y }));
    for (const r of rows)
      if (x(took(r)) - LEFT > 2) parts.push(s(`line.held.${seen(r).tone}`, { x1: x(at(r)), y1: Y, x2: x(at(r) + took(r)), y2: Y }));
    let free = -1;
    rows.slice(1).forEach((r, i) => {
      const from = x(at(rows[i])), to = x(at(r)), text = span(at(r) - at(rows[i])), wide = text.length * 6.2;
      const centre = (from + to) / 2;
      if (to - from < wide + 8 || centre - wide / 2 < free) return;
      parts.push(s('text.gap', { x: centre, y: 14, 'text-anchor': 'middle' }, text));
      free = centre + wide / 2 + 4;
    });
    for (const r of rows) parts.push(...mark(r, x(at(r)), chosen, choose).filter(Boolean));
    svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    svg.replaceChildren(...parts);
  };
  const tones = new Set(rows.map(r => seen(r).tone));
  const words = { ok: 'answered', warn: '4xx', bad: '5xx', none: 'no whole answer' };
  figure.append(svg, h('figcaption.legend', {}, Object.keys(words).filter(k => tones.has(k)).map(k => h(`span.${k}`, {}, words[k])),
    rows.some(r => r.fault) && h('span.ring', {}, 'a fault acted'), rows.some(asked) && h('span.asked', {}, 'asked to wait')));
  new ResizeObserver(draw).observe(figure);
  draw();
  return figure;
}
