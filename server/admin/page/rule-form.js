// SPDX-License-Identifier: Apache-2.0
// The form of a fault rule, made from what GET /_mock/schema/fault says. An error that the server
// has with a field is shown beside that field.
import { h, marked, set } from './dom.js';
import { post, put } from './api.js';
import { model } from './model.js';

const GROUPS = [['match', 'Which requests'], ['when', 'Which of those'], ['action', 'What happens'], ['expect', 'For the test'], ['', 'The rule']];
const LABELS = {
  'match.rpc': 'Rpc', 'match.path': 'Path', 'match.user_agent': 'User agent', 'match.caller': 'Caller', 'match.call': 'Call', 'match.attempt': 'Attempt',
  'when.skip': 'Let pass first', 'when.times': 'At most', 'when.probability': 'Chance', 'expect.fired': 'Should act', id: 'Name', phase: 'Phase', disabled: 'Switched off',
};
const EXAMPLES = { 'match.rpc': 'Any', 'match.path': '/api/2.0/postgres/projects/my-*', 'match.call': '1-2', 'match.attempt': '1', 'action.delay': '500ms', 'action.for': '30s', 'action.fixed': '200ms',
  'action.uniform': '["10ms","50ms"]', 'action.headers': '{"X-Name":"value"}', 'action.retry_after': '3', 'action.every': '100ms', 'action.plan': 'after:30s', 'action.lognormal.median': '20ms', 'action.lognormal.sigma': '0.5', 'when.probability': '0.3', 'action.after': '65536 or 10s' };

const groupOf = path => path.includes('.') ? path.split('.')[0] : '';
const label = path => LABELS[path] || path.split('.').slice(1).join(' ').replaceAll('_', ' ').replace(/^./, c => c.toUpperCase()) || path;
const at = (doc, path) => path.split('.').reduce((d, k) => d?.[k], doc);

function put_at(doc, path, value) {
  const keys = path.split('.'), last = keys.pop();
  keys.reduce((d, k) => d[k] ||= {}, doc)[last] = value;
}

// A text as the kind of value that the field takes. What is no number stays text: the server says so.
function parse(field, text) {
  if (field.list || field.map || field.type === 'object') { try { return JSON.parse(text); } catch { return text; } }
  if (field.type === 'boolean') return text === 'true';
  if (field.type === 'integer' || field.type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  if (field.type !== 'any') return text;
  if (/^[[{]/.test(text)) { try { return JSON.parse(text); } catch { return text; } }
  return /^-?\d+$/.test(text) && field.path === 'action.retry_after' ? Number(text) : text;
}

const write = v => v === undefined ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v);

function control(field, value, id) {
  const text = write(value), props = { id, name: field.path, 'aria-describedby': `${id}-help ${id}-error` };
  const choices = field.type === 'boolean' ? ['true'] : field.choices;
  if (choices) {
    const select = h('select', props, new Option(field.type === 'boolean' ? 'no' : '–', ''), choices.map(c => new Option(field.type === 'boolean' ? 'yes' : c, c)));
    select.value = text;
    return select;
  }
  const input = h('input', { ...props, placeholder: EXAMPLES[field.path] || '', autocomplete: 'off', spellcheck: 'false', list: field.path === 'match.rpc' ? 'rpcs' : null });
  input.value = text;
  return input;
}

function row(field, value) {
  const id = `f-${field.path.replaceAll('.', '-')}`;
  return h(`div.field${field.path === 'match.path' || field.path === 'action.message' ? '.wide' : ''}`, { 'data-path': field.path },
    h('label', { for: id }, label(field.path), field.required ? ' (needed)' : ''), control(field, value, id),
    h('span.help', { id: `${id}-help` }, marked(field.doc)), h('span.error', { id: `${id}-error`, role: 'alert' }));
}

// The field that a message is about: a path that it quotes, or what it calls the thing.
function blamed(message, paths) {
  const quoted = [...message.matchAll(/'([a-z_]+(?:\.[a-z_]+)*)'/g)].map(m => m[1]);
  const of = [...quoted, ...quoted.map(q => `action.${q}`)].find(q => paths.includes(q));
  if (of) return of;
  if (/in phase/.test(message)) return 'phase';
  if (/^Unknown rpc|never acts on|is not implemented here/.test(message)) return 'match.rpc';
  if (/action\.type/.test(message)) return 'action.type';
  if (/operation plan|plan/i.test(message) && paths.includes('action.plan')) return 'action.plan';
  if (/There is a fault rule/.test(message)) return 'id';
  return paths.find(p => message.includes(p)) || null;
}

export function ruleForm(schema, rule, id, done) {
  const doc = rule ? structuredClone(rule) : { match: { rpc: 'Create*', attempt: '1' }, phase: 'after_commit', action: { type: 'reset' } };
  for (const key of ['matched', 'skipped', 'fired', ...(id ? [] : ['id'])]) delete doc[key];
  const fieldsets = new Map(GROUPS.map(([key, name]) => [key, h('fieldset', {}, h('legend', {}, name))]));
  const general = h('p.error', { role: 'alert' }), json = h('pre', { tabindex: '0', 'aria-label': 'The rule as JSON' });
  const heading = h('h2', { tabindex: '-1' }, id ? `Rule ${id}` : rule ? 'A rule from a scenario' : 'New rule');
  const type = h('select', { id: 'f-action-type', name: 'action.type', 'aria-describedby': 'f-action-type-error' }, schema.actions.map(a => new Option(a.type.replaceAll('_', ' '), a.type)));
  const phase = h('select', { id: 'f-phase', name: 'phase', 'aria-describedby': 'f-phase-help f-phase-error' });
  const where = h('span.help', { id: 'f-phase-help' });
  type.value = doc.action.type;

  const form = h('form.form', { novalidate: true, 'aria-label': heading.textContent },
    h('div.head', {}, heading, h('a', { href: '#faults' }, 'Back to the scenarios')),
    h('datalist', { id: 'rpcs' }, schema.rpcs.map(r => new Option(r))),
    [...fieldsets.values()], h('div', {}, h('h3', {}, 'As JSON'), json), general,
    h('div.acts', {}, h('button.primary', { type: 'submit' }, id ? 'Replace the rule' : 'Add the rule'), h('a.button', { href: '#faults' }, 'Cancel')));

  const action = () => schema.actions.find(a => a.type === type.value);
  const fields = () => [...schema.fields.filter(f => f.path !== 'action' && f.path !== 'phase' && !(id && f.path === 'id')), ...action().fields.filter(f => f.path !== 'action.type')];

  function drawAction() {
    const group = fieldsets.get('action');
    set(group, group.querySelector('legend'),
      h('div.field', { 'data-path': 'action.type' }, h('label', { for: 'f-action-type' }, 'Action'), type, h('span.error', { id: 'f-action-type-error', role: 'alert' })),
      h('div.field', { 'data-path': 'phase' }, h('label', { for: 'f-phase' }, 'Phase'), phase, where, h('span.error', { id: 'f-phase-error', role: 'alert' })),
      ...action().fields.filter(f => f.path !== 'action.type').map(f => row(f, at(doc, f.path))));
    const was = phase.value || doc.phase;
    set(phase, ...action().phases.map(p => new Option(p.replaceAll('_', ' '), p)));
    phase.value = action().phases.includes(was) ? was : action().phases[0];
    where.textContent = `It can act in ${action().where}.`;
  }

  function read() {
    const out = id ? { id } : {};
    for (const field of fields()) {
      const text = form.elements[field.path]?.value.trim();
      if (text) put_at(out, field.path, parse(field, text));
    }
    put_at(out, 'action.type', type.value);
    if (phase.value) out.phase = phase.value;
    return out;
  }
  const preview = () => { json.textContent = JSON.stringify(read(), null, 2); };

  function blame(message) {
    const paths = [...form.querySelectorAll('[data-path]')].map(x => x.dataset.path), path = blamed(message, paths);
    const box = path && form.querySelector(`[data-path="${path}"]`);
    general.textContent = box ? '' : message;
    if (!box) return;
    box.querySelector('.error').textContent = message;
    const input = box.querySelector('input, select');
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  }
  function forgive() {
    general.textContent = '';
    for (const x of form.querySelectorAll('.field .error')) x.textContent = '';
    for (const x of form.querySelectorAll('[aria-invalid]')) x.removeAttribute('aria-invalid');
  }

  for (const field of schema.fields.filter(f => f.path !== 'action' && f.path !== 'phase' && !(id && f.path === 'id')))
    fieldsets.get(groupOf(field.path))?.append(row(field, at(doc, field.path)));
  drawAction();
  preview();
  type.addEventListener('change', () => { doc.action = { type: type.value }; drawAction(); preview(); });
  form.addEventListener('input', preview);
  form.addEventListener('submit', async e => {
    e.preventDefault();
    forgive();
    try {
      const query = { workspace: model.workspace };
      if (id) await put(`faults/${encodeURIComponent(id)}`, query, read());
      else await post('faults', query, read());
      await done();
    } catch (why) { blame(why.message); }
  });
  return form;
}
