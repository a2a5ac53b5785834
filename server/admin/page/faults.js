// SPDX-License-Identifier: Apache-2.0
// Fault rules in the order in which they are tried, with what each has done; scenarios; the form.
import { ask, attempt, h, marked, set, stamp } from './dom.js';
import { drop, get, patch, post } from './api.js';
import { plural } from './format.js';
import { hear, model } from './model.js';
import { ruleForm } from './rule-form.js';

export const title = 'Faults';
const PHASES = { before: 'before it is handled', after_commit: 'after it was applied', mid_body: 'in the middle of the answer' };

// A rule as a sentence.
export function sentence(rule) {
  const { rpc, path, user_agent: agent, caller, call, attempt: nth } = rule.match || {}, { skip, times, probability } = rule.when || {};
  const { type, ...rest } = rule.action;
  const which = [rpc && rpc !== 'Any' ? rpc : 'any request', path && `on ${path}`, agent && `of client ${agent}`, caller && `by ${caller}`,
    call && `call ${call}`, nth && `attempt ${nth}`].filter(Boolean).join(', ');
  const when = [skip && `after ${plural(skip, 'match', 'matches')}`, times && `at most ${plural(times, 'time')}`, probability < 1 && probability > 0 && `with chance ${probability}`].filter(Boolean).join(', ');
  const how = Object.entries(rest).map(([k, v]) => `${k.replaceAll('_', ' ')} ${typeof v === 'object' ? JSON.stringify(v) : v}`).join(', ');
  return `${which[0].toUpperCase()}${which.slice(1)}${when ? ` (${when})` : ''}: ${type.replaceAll('_', ' ')}${how ? ` with ${how}` : ''}${rule.phase ? `, ${PHASES[rule.phase] || rule.phase}` : ''}.`;
}

function standing(rule) {
  if (rule.disabled) return ['', 'switched off'];
  if (!rule.fired) return rule.matched ? ['warn', 'matched, never acted'] : ['warn', 'never acted'];
  if (rule.expect?.fired > rule.fired) return ['warn', `${rule.fired} of ${rule.expect.fired} expected`];
  return ['ok', `acted ${plural(rule.fired, 'time')}`];
}

function drawRule(rule, draw) {
  const { workspace } = model, [tone, text] = standing(rule), path = `faults/${encodeURIComponent(rule.id)}`;
  const turn = h('button.switch', { type: 'button', role: 'switch', 'aria-checked': String(!rule.disabled), 'aria-label': `Rule ${rule.id} is on`,
    onclick: attempt(async () => { await patch(path, { workspace }, { disabled: !rule.disabled }); await draw(); }) });
  return h('li', { id: `rule-${rule.id}`, class: rule.disabled ? 'off' : null },
    h('div.id', {}, h('b', {}, rule.id), h(`span.badge${tone ? `.${tone}` : ''}`, {}, text)),
    h('p.what', {}, sentence(rule)),
    h('div.acts', {}, turn, h('a.button.small', { href: `#faults/${encodeURIComponent(rule.id)}`, 'aria-label': `Edit rule ${rule.id}` }, 'Edit'),
      h('button.small', { type: 'button', 'aria-label': `Remove rule ${rule.id}`, onclick: attempt(async () => { await drop(path, { workspace }); await draw(); }, `Rule ${rule.id} is removed`) }, 'Remove')),
    h('p.counts', {}, 'matched ', h('b', {}, rule.matched), ' · passed over ', h('b', {}, rule.skipped), ' · acted ', h('b', {}, rule.fired),
      rule.fired ? [' · ', h('a', { href: `#requests?fault=${encodeURIComponent(rule.id)}` }, 'its requests')] : ''));
}

async function drawScenarios(where, draw) {
  const { scenarios } = await get('scenarios');
  const { workspace } = model;
  set(where, h('div.head', {}, h('h2', {}, 'Scenarios')),
    h('p.hint', {}, 'Built-in sets of rules, for faults that others have met in practice. Each says what it teaches. “Load” adds its rules; “Edit first” puts its first rule into the form.'),
    h('ul.scenarios', {}, scenarios.map(x => h('li', {}, h('b', {}, marked(x.title)), h('p.teaches', {}, marked(x.teaches)),
      h('div.acts', {}, h('button.small', { type: 'button', 'aria-label': `Load scenario ${x.name}`, onclick: attempt(async () => { await post(`scenarios/${x.name}`, { workspace }); await draw(); }, `${x.name} is loaded`) }, 'Load'),
        x.faults?.length ? h('a.button.small', { href: `#faults/new?from=${x.name}`, 'aria-label': `Edit first: scenario ${x.name}` }, 'Edit first') : null)))));
}

export function open(main, rest, query) {
  const t = stamp('view-faults');
  let rules = [], where = null, queued = false, gone = false;
  main.append(t.root);

  async function draw() {
    queued = false;
    const doc = await get('faults', { workspace: model.workspace });
    if (gone) return;
    const held = document.activeElement?.closest('.rules') && document.activeElement.getAttribute('aria-label');
    rules = doc.faults;
    t.clear.disabled = !rules.length;
    set(t.rules, ...rules.length ? rules.map(r => drawRule(r, draw)) : [h('li', {}, h('p.dim', {}, 'No rules: every request is answered as the service would. Load a scenario, or write a rule.'))]);
    if (held) [...t.rules.querySelectorAll('[aria-label]')].find(x => x.getAttribute('aria-label') === held)?.focus();
  }
  const later = () => { if (!queued) { queued = true; setTimeout(() => draw().catch(() => {}), 700); } };

  async function side(r, q) {
    where = `${r}?${q}`;
    if (!r) { await drawScenarios(t.side, draw); return; }
    const from = q.get('from'), [schema, list] = await Promise.all([get('schema/fault'), from ? get('scenarios') : null]);
    let rule = r === 'new' ? list?.scenarios.find(x => x.name === from)?.faults[0] : null;
    if (r !== 'new') { if (!rules.length) await draw(); rule = rules.find(x => x.id === r); }
    if (gone) return;
    if (r !== 'new' && !rule) { set(t.side, h('div.empty', {}, h('h2', {}, r), h('p', {}, 'There is no such rule any more.'), h('p', {}, h('a', { href: '#faults' }, 'Scenarios')))); return; }
    set(t.side, ruleForm(schema, rule, r === 'new' ? null : r, async () => { await draw(); location.hash = '#faults'; }));
    t.side.scrollTop = 0;
    t.side.querySelector('h2').focus();
  }
  t.clear.addEventListener('click', attempt(() => ask({
    title: 'Remove all rules?', yes: 'Remove all', danger: true, text: `${plural(rules.length, 'rule')} of workspace ${model.workspace}, with what they counted.`,
    act: async () => { await drop('faults', { workspace: model.workspace }); await draw(); },
  })));
  const show = attempt(async () => { await draw(); await side(rest, query); });
  show();
  const end = hear('rules', later);
  return {
    go: (r, q) => { if (`${r}?${q}` !== where) side(r, q).catch(() => {}); },
    leave: () => { gone = true; end(); },
  };
}
