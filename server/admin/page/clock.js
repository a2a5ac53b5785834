// SPDX-License-Identifier: Apache-2.0
// The clock of the workspace: what it shows, what falls due, and how to turn it.
import { ask, attempt, h, set, stamp } from './dom.js';
import { post, put } from './api.js';
import { dateTime, plural, until } from './format.js';
import { fell, hear, model, now } from './model.js';

export const title = 'Clock';
const MODES = { real: 'It shows the real time.', manual: 'It stands still until somebody turns it.', scaled: 'It runs at a multiple of real time.' };

function turner(name, text, hint, action, run, props = {}) {
  const error = h('p.error', { role: 'alert' }), id = `turn-${name}`;
  const input = h('input', { id, placeholder: hint, autocomplete: 'off', spellcheck: 'false', ...props });
  return h('form', {
    onsubmit: async e => {
      e.preventDefault();
      error.textContent = '';
      input.removeAttribute('aria-invalid');
      try { await run(input.value.trim() || hint); } catch (why) { error.textContent = why.message; input.setAttribute('aria-invalid', 'true'); input.focus(); }
    },
  }, h('label.field', { for: id }, h('span', {}, text), input), h('button', { type: 'submit' }, action), error);
}

async function advance(how) {
  const doc = await post('clock/advance', { workspace: model.workspace }, how);
  fell(doc.events);
}

const makeManual = () => ask({
  title: 'Make the clock manual?', yes: 'Make it manual',
  text: `The clock of workspace ${model.workspace} stops where it is and moves only when it is turned. A real clock cannot be had back without a reset once it is ahead of real time.`,
  act: () => put('clock', { workspace: model.workspace }, { mode: 'manual' }),
});

function turns() {
  const { mode } = model.clock, { workspace } = model;
  if (mode === 'real')
    return h('div.turns', {}, h('p', {}, 'A real clock cannot be advanced. A manual one lets a test wait a week in no time.'),
      h('div.acts', {}, h('button.primary', { type: 'button', onclick: attempt(makeManual) }, 'Make it manual…')));
  return h('div.turns', {},
    turner('by', 'Advance by', '1h', 'Advance', by => advance({ by })),
    h('div.acts', {}, ['1s', '1m', '1h', '1d', '7d'].map(by => h('button.small', { type: 'button', onclick: attempt(() => advance({ by })) }, `+ ${by}`))),
    turner('to', 'Advance to', model.clock.next || '2027-01-01T00:00:00Z', 'Advance', to => advance({ to })),
    h('div.acts', {}, h('button', { type: 'button', onclick: attempt(() => advance({ until: 'idle' })) }, 'Until nothing is due'),
      mode === 'scaled' && h('button', { type: 'button', onclick: attempt(makeManual) }, 'Make it manual…'),
      mode === 'manual' && h('button', { type: 'button', onclick: attempt(() => put('clock', { workspace }, { mode: 'real' }), 'The clock is real') }, 'Back to real time')));
}

const link = name => model.resources.has(name) ? h('a', { href: `#resources/${name}` }, name) : h('span', {}, name);
const item = (time, event, name, extra) => h('li', {}, h('time', {}, `${dateTime(time)}Z`), h('span', {}, `${(event || '').replaceAll('_', ' ')} `, h('span.dim', {}, extra || ''), h('br'), link(name)));

export function open(main) {
  const t = stamp('view-clock');
  let mode = null;
  main.append(t.root);
  function tick() {
    if (!model.clock) return;
    t.now.textContent = `${dateTime(new Date(now()).toISOString())} UTC`;
    t.next.textContent = model.clock.next ? `Next due ${until(model.clock.next, now())}, at ${dateTime(model.clock.next)}.` : 'Nothing is due.';
  }
  function draw() {
    if (!model.clock) return;
    t.mode.textContent = `${model.clock.mode[0].toUpperCase()}${model.clock.mode.slice(1)}${model.clock.mode === 'scaled' ? `, × ${model.clock.factor}` : ''}. ${MODES[model.clock.mode]}`;
    tick();
    if (mode !== model.clock.mode) { mode = model.clock.mode; set(t.turn, turns()); }
    const due = [...model.resources.values()].filter(o => o.due && (!o.deleted || /purged/.test(o.event))).sort((a, b) => a.due.localeCompare(b.due));
    set(t.due, ...due.slice(0, 50).map(o => item(o.due, o.event || (o.kind === 'operation' ? 'operation done' : 'due'), o.kind === 'operation' && o.scope ? o.scope : o.name, until(o.due, now()))),
      due.length > 50 ? h('li.dim', {}, plural(due.length - 50, 'more')) : '', !due.length ? h('li.dim', {}, 'Nothing.') : '');
    set(t.log, ...model.fallen.slice(0, 50).map(e => item(e.time, e.event, e.name)), !model.fallen.length ? h('li.dim', {}, 'Nothing yet. When you turn the clock here, this lists what happened.') : '');
  }
  const ends = [hear('clock', draw), hear('resources', draw)], timer = setInterval(() => { if (!document.hidden && mode !== 'manual') tick(); }, 1000);
  draw();
  return { go() {}, leave: () => { ends.forEach(end => end()); clearInterval(timer); } };
}
