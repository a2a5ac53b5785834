// SPDX-License-Identifier: Apache-2.0
// The requests of a workspace as they arrive, filtered, and the call that one of them belongs to.
import { ask, attempt, copyButton, h, set, stamp } from './dom.js';
import { drop, get, link } from './api.js';
import { clockTime, plural, seen, span, target } from './format.js';
import { hear, model, told } from './model.js';
import { List } from './list.js';
import { showCall } from './call.js';

export const title = 'Requests';
const FILTERS = ['text', 'rpc', 'status', 'fault', 'caller'];
const narrow = matchMedia('(max-width: 600px)');

function statusMatches(row, want) {
  const { text } = seen(row);
  if (want === 'none') return text === 'no answer' || text === 'closed';
  if (want === 'pending') return text === 'pending';
  return text.startsWith(want[0]);
}

function matches(row, f) {
  if (f.rpc && (row.rpc || row.method) !== f.rpc) return false;
  if (f.caller && row.caller !== f.caller) return false;
  if (f.fault && (f.fault === '*' ? !row.fault : row.fault !== f.fault)) return false;
  if (f.status && !statusMatches(row, f.status)) return false;
  if (!f.text) return true;
  return [row.path, row.query, row.rpc, row.method, row.caller, row.user_agent, row.error_code, row.fault, String(row.seq)]
    .some(v => v && v.toLowerCase().includes(f.text));
}

function cells(row) {
  const what = seen(row), { rpc, method } = row;
  return {
    children: [
      h('span.time', { role: 'gridcell', title: `${row.time} on the clock of the workspace` }, clockTime(row.wall)),
      h('span.rpc', { role: 'gridcell', title: rpc || method }, rpc || method || 'unreadable'),
      h('span.path', { role: 'gridcell', title: `${method || ''} ${row.path}${row.query ? `?${row.query}` : ''}` }, h('bdi', {}, target(row))),
      h('span.status', { role: 'gridcell' }, h(`span.badge.${what.tone}`, { title: row.error_code || '' }, what.text)),
      h('span.call', { role: 'gridcell', title: `call ${row.call}, attempt ${row.attempt}` }, row.attempt > 1 ? `#${row.call} · ${row.attempt}` : `#${row.call}`),
      h('span.fault', { role: 'gridcell', title: row.fault || '' }, row.fault || ''),
      h('span.took', { role: 'gridcell' }, row.delivered === 'pending' ? '…' : span(row.took_us / 1000)),
    ],
  };
}

const HEAD = [['time', 'Time'], ['rpc', 'Rpc'], ['path', 'Resource'], ['status', 'Answer'], ['call', 'Call'], ['fault', 'Fault'], ['took', 'Took']];

// What to do when nothing has come yet.
function gettingStarted() {
  const lines = `export DATABRICKS_HOST=${location.origin}\nexport DATABRICKS_TOKEN=mock-${model.workspace}`;
  return h('div.empty', {}, h('h2', {}, 'No request yet'),
    h('p', {}, 'Point a client here, and each of its requests appears as it arrives:'),
    h('div.copybox', {}, h('pre', {}, lines), copyButton(() => lines)),
    h('p', {}, 'SDKs, the Databricks CLI and Terraform read these two variables. To see how a client handles faults, load a scenario under ',
      h('a', { href: '#faults' }, 'Faults'), ' first.'));
}

const MARKS = { PASS: 'ok', WARN: 'warn', FAIL: 'bad', INCONCLUSIVE: 'none', 'N-A': '' };
const ORDER = ['FAIL', 'WARN', 'INCONCLUSIVE', 'PASS', 'N-A'];

async function drawVerdict(where, alive) {
  const doc = await get('grade', { workspace: model.workspace, partial: 1 });
  if (!alive()) return;
  const told = doc.rules.filter(r => r.verdict !== 'N-A').sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  set(where,
    h('h2', {}, 'How the client copes'),
    h('p.hint', {}, 'Choose a request to see its call. Until then, this is what the requests so far say of the client that made them.'),
    told.length ? h('ul.verdicts', {}, told.map(r => h('li', {}, h('span.dim', {}, r.rule), h('span', {}, r.title),
      h(`span.badge.${MARKS[r.verdict]}`, {}, r.verdict.toLowerCase()),
      h('span.evidence.dim', {}, r.evidence, r.seq ? [' ', h('a', { href: `#requests/${r.seq}` }, `request ${r.seq}`)] : ''))))
      : h('p.dim', {}, 'Nothing has happened yet that would show how it retries, waits or polls.'),
    h('p.block.dim', {}, `${doc.rules.length - told.length} of ${doc.rules.length} rules had nothing to judge.`));
}

function options(select, values, labels = {}) {
  const was = select.value; // one that an address asks for stays, also before anything matches it
  const want = ['', ...values, ...(was && !values.includes(was) ? [was] : [])], have = [...select.options].map(o => o.value);
  if (want.length === have.length && want.join('\n') === have.join('\n')) return;
  set(select, ...want.map(v => new Option(labels[v] ?? (v || 'all'), v)));
  select.value = was;
}

export function open(main, rest, query) {
  const t = stamp('view-requests'), form = t.filters;
  let items = [], follow = true, chosen = 0, closeCall = null, queued = false, judged = -Infinity, judging = null;
  const list = new List({
    role: 'grid', label: 'Requests', head: HEAD, cells, key: r => r.seq, stamp: r => r.version,
    height: () => narrow.matches ? 54 : 32,
    choose: row => { location.hash = place(row.seq); },
  });
  list.el.classList.add('requests');
  t.list.append(list.el);
  main.append(t.root);

  const filters = () => Object.fromEntries(FILTERS.map(f => [f, f === 'text' ? form.elements.text.value.trim().toLowerCase() : form.elements[f].value]));
  const place = seq => {
    const q = new URLSearchParams(FILTERS.map(f => [f, form.elements[f].value]).filter(([, v]) => v)).toString();
    return `#requests${seq ? `/${seq}` : ''}${q ? `?${q}` : ''}`;
  };
  const links = () => {
    const workspace = model.workspace;
    t.report.href = link('report', { workspace, partial: 1 });
    t.har.href = link('journal', { workspace, partial: 1, format: 'har' });
    t.ndjson.href = link('journal', { workspace, partial: 1, format: 'ndjson' });
  };
  const setFollow = on => {
    follow = on;
    t.follow.setAttribute('aria-pressed', String(on));
    if (on) list.to_end();
  };
  const choices = () => {
    const of = fn => [...new Set(model.rows.map(fn).filter(Boolean))].sort();
    options(form.elements.rpc, of(r => r.rpc || r.method));
    options(form.elements.caller, of(r => r.caller));
    options(form.elements.fault, ['*', ...of(r => r.fault)], { '*': 'any fault' });
  };

  // At most a few times a second, however fast requests come.
  function draw() {
    queued = false;
    const f = filters();
    choices();
    const all = model.rows, bare = FILTERS.every(k => !f[k]);
    items = bare ? all : all.filter(r => matches(r, f));
    list.show(items, chosen);
    if (follow) list.to_end();
    const { next, dropped, first } = model.journal, total = next - first, faulted = all.filter(r => r.fault).length;
    if (told()) set(t.summary, h('b', {}, bare ? plural(total, 'request') : `${items.length.toLocaleString('en')} of ${plural(all.length, 'request')}`),
      all.length ? ` in ${plural(new Set(items.map(r => r.call)).size, 'call')}, ${faulted} met by a fault` : '',
      total > all.length ? `; the newest ${all.length.toLocaleString('en')} are listed` : '',
      dropped ? `; ${dropped.toLocaleString('en')} older ones were dropped` : '');
    if (!chosen) drawSide();
  }
  const later = () => { if (!queued) { queued = true; setTimeout(draw, 60); } };

  function drawSide() {
    if (!told()) return;
    if (!model.rows.length) { set(t.detail, gettingStarted()); return; }
    const wait = judged + 3000 - performance.now();
    if (judging) return;
    judging = setTimeout(() => {
      judged = performance.now();
      judging = null;
      drawVerdict(t.detail, () => !chosen && t.detail.isConnected).catch(() => {});
    }, Math.max(0, wait));
  }

  function choose(seq) {
    chosen = seq;
    closeCall?.();
    closeCall = null;
    if (seq) {
      list.active = seq;
      setFollow(false);
      closeCall = showCall(t.detail, seq, s => place(s));
      const at = list.index(seq);
      if (at >= 0) list.reveal(at);
    } else { judged = -Infinity; set(t.detail); }
    draw();
  }

  const read = q => { for (const f of FILTERS) { if (form.elements[f].value !== (q.get(f) || '') && !form.elements[f].matches(':focus')) { if (q.get(f) && form.elements[f].options && ![...form.elements[f].options].some(o => o.value === q.get(f))) form.elements[f].append(new Option(q.get(f), q.get(f))); form.elements[f].value = q.get(f) || ''; } } };
  form.addEventListener('submit', e => e.preventDefault());
  form.addEventListener('input', () => { history.replaceState(null, '', place(chosen)); draw(); });
  t.follow.addEventListener('click', () => setFollow(!follow));
  list.onscroll = () => {
    const end = list.el.scrollTop + list.el.clientHeight >= list.el.scrollHeight - 4;
    if (!end && follow && list.el.matches(':hover, :focus')) setFollow(false);
  };
  t.clear.addEventListener('click', attempt(() => ask({
    title: 'Clear the journal?', yes: 'Clear', danger: true,
    text: `Requests and calls of workspace ${model.workspace} are forgotten. Resources and rules stay.`,
    act: () => drop('journal', { workspace: model.workspace }),
  })));
  const ends = [hear('rows', later)];
  links();
  choices();
  read(query);
  choose(Number(rest) || 0);
  if (follow) requestAnimationFrame(() => list.to_end());
  return {
    go: (r, q) => { read(q); if ((Number(r) || 0) !== chosen) choose(Number(r) || 0); else draw(); },
    leave: () => { ends.forEach(end => end()); closeCall?.(); clearTimeout(judging); list.leave(); },
  };
}
