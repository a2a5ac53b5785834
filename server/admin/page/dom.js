// SPDX-License-Identifier: Apache-2.0
// Making elements, and the two ways in which the page asks back: a dialog and a line that fades.

export const $ = id => document.getElementById(id);

// h('p.hint', {title: 'x', onclick: f}, 'text', element, ...): text is always text, never markup.
export function h(what, props = {}, ...children) {
  const [tag, ...classes] = what.split('.');
  return fill(document.createElement(tag || 'div'), classes, props, children);
}

const SVG = 'http://www.w3.org/2000/svg';
export function s(what, props = {}, ...children) {
  const [tag, ...classes] = what.split('.');
  return fill(document.createElementNS(SVG, tag), classes, props, children);
}

function fill(el, classes, props, children) {
  if (classes.length) el.setAttribute('class', classes.join(' '));
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) el.addEventListener(key.slice(2), value);
    else if (key in el && typeof value !== 'string' && !(el instanceof SVGElement)) el[key] = value;
    else el.setAttribute(key, value === true ? '' : value);
  }
  el.append(...real(children));
  return el;
}

// What is not there (null, undefined, false) is left out, lists in lists are opened.
const real = children => children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false);

// Gives an element other children.
export const set = (el, ...children) => el.replaceChildren(...real(children));

// Text in which `words` between backticks are code.
export const marked = text => text.split('`').map((part, i) => i % 2 ? h('code', {}, part) : part);

// The content of <template id> with its named parts: {root, list, detail, ...}.
export function stamp(id) {
  const root = $(id).content.cloneNode(true), slots = {};
  for (const el of root.querySelectorAll('[data-slot]')) slots[el.dataset.slot] = el;
  slots.root = root;
  return slots;
}

export function toast(text, bad = false) {
  const el = $('toast');
  el.textContent = text;
  el.className = `toast on${bad ? ' bad' : ''}`;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { el.className = 'toast'; }, bad ? 8000 : 3500);
}

// Runs what a button does; a refusal is shown in the server's own words.
export const attempt = (fn, done) => async event => {
  event?.preventDefault?.();
  try {
    const answer = await fn(event);
    if (done) toast(typeof done === 'function' ? done(answer) : done);
  } catch (e) {
    toast(e.message, true);
  }
};

// A dialog. `fields`: [{name, label, value, type, hint}]. Resolves with their values when `act` has
// succeeded with them, or with null when it was left; a refusal is shown and asked again.
export function ask({ title, text = '', yes, danger = false, fields = [], act = async () => {} }) {
  const t = stamp('ask'), dialog = t.root.querySelector('dialog'), form = dialog.querySelector('form');
  const before = document.activeElement;
  t.title.textContent = title;
  t.title.id = 'ask-title';
  dialog.setAttribute('aria-labelledby', 'ask-title');
  t.text.textContent = text;
  t.yes.textContent = yes;
  t.yes.classList.toggle('danger', danger);
  const inputs = fields.map(f => h('input', { name: f.name, type: f.type || 'text', value: f.value || '',
    autocomplete: 'off', spellcheck: 'false', placeholder: f.hint || '' }));
  fields.forEach((f, i) => { inputs[i].value = f.value || ''; });
  t.fields.append(...fields.map((f, i) => h('label.field', {}, h('span', {}, f.label), inputs[i])));
  document.body.append(dialog);
  return new Promise(done => {
    const leave = value => { dialog.close(); dialog.remove(); before?.focus?.(); done(value); };
    dialog.addEventListener('cancel', e => { e.preventDefault(); leave(null); });
    t.no.addEventListener('click', () => leave(null));
    form.addEventListener('submit', async e => {
      e.preventDefault();
      const values = Object.fromEntries(new FormData(form));
      try {
        await act(values);
        leave(values);
      } catch (why) {
        t.error.textContent = why.message;
      }
    });
    dialog.showModal();
    (inputs[0] || t.yes).focus();
  });
}

export function copyButton(text, label = 'Copy') {
  return h('button.small', { type: 'button', onclick: attempt(() => navigator.clipboard.writeText(text()), 'Copied') }, label);
}
