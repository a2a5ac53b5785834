// SPDX-License-Identifier: Apache-2.0
// One logical call: its attempts along time, and of the chosen attempt what was asked, what was
// answered, and why.
import { copyButton, h, set } from './dom.js';
import { get } from './api.js';
import { bytes, dateTime, outcomes, plural, seen, span, until } from './format.js';
import { hear, model, now } from './model.js';
import { timeline } from './timeline.js';

const quote = text => `'${text.replaceAll("'", "'\\''")}'`;

// The request as a command. The credential is left to the reader's own variable.
function curl(row, exchange) {
  const parts = [`curl -i${row.method === 'GET' ? '' : ` -X ${row.method}`}`,
    quote(`${location.origin}${row.path}${row.query ? `?${row.query}` : ''}`), '-H "Authorization: Bearer $DATABRICKS_TOKEN"'];
  const request = exchange?.request;
  if (request?.body && !request.left_out) {
    const type = request.headers.find(x => x.name.toLowerCase() === 'content-type');
    parts.push(`-H ${quote(`Content-Type: ${type?.value || 'application/json'}`)}`, `--data-raw ${quote(request.body)}`);
  }
  const text = parts.filter(Boolean).join(' \\\n  ');
  if (row.request_bytes && !request) return `${text}\n# its body of ${bytes(row.request_bytes)} is no longer kept`;
  return request?.cut || request?.left_out ? `${text}\n# its body is ${request.cut ? 'cut' : 'left out: it holds a credential'}` : text;
}

function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}

function side(title, part) {
  return h('div', {}, h('h3', {}, title),
    part.headers.length ? h('dl.headers', {}, part.headers.map(x => [h('dt', {}, x.name), h('dd', {}, x.value)])) : h('p.dim', {}, 'no headers'),
    part.left_out ? h('p.dim', {}, `A body of ${bytes(part.bytes)}, left out here: it may hold a credential.`)
      : part.body ? h('pre', { tabindex: '0', 'aria-label': `${title}: body` }, pretty(part.body) + (part.cut ? `\n… cut; ${bytes(part.bytes)} in all` : '')) : null);
}

// Those that acted first, then those that nearly did.
function reasons(explained) {
  const rules = [...(explained.rules || [])].sort((a, b) => b.fired - a.fired || (b.near || 0) - (a.near || 0));
  return rules.length > 0 && h('div.block', {}, h('h3', {}, 'What each rule made of it'),
    h('ul.why', {}, rules.map(r => h('li', {}, h('a', { href: `#faults/${encodeURIComponent(r.id)}` }, r.id),
      h(r.fired ? 'span.acted' : 'span', {}, r.near ? h('span.badge.warn', {}, 'nearly') : null, r.near ? ' ' : '', r.why)))));
}

// What the explanation says besides its sentence: the action with what was drawn for it; the
// operation or the maintenance that stood in the way, or the plan that paces a poll.
function more({ acted, cause }) {
  const facts = [];
  if (acted?.action) facts.push(['Action', h('code', {}, JSON.stringify(acted.action))]);
  if (acted?.delay_us) facts.push(['Drawn delay', span(acted.delay_us / 1000)]);
  if (cause?.name) facts.push([`The ${cause.kind || 'cause'}`, cause.name]);
  if (cause?.plan) facts.push(['Its plan', h('code', {}, cause.plan)]);
  if (cause?.due) facts.push(['It ends', `${dateTime(cause.due)}Z, ${until(cause.due, now())}`]);
  if (cause?.left) facts.push(['Left', String(cause.left)]);
  return facts.length > 0 && h('dl.facts.block', {}, facts.map(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
}

function facts(row) {
  const list = [['Caller', row.caller], ['Client', row.user_agent], ['Error', row.error_code], ['Connection', `${row.connection}, its request ${row.ordinal}`],
    ['Took', row.delivered === 'pending' ? 'still on its way' : span(row.took_us / 1000) + (row.injected_us ? `, of which ${span(row.injected_us / 1000)} were asked for by a rule` : '')],
    ['Delivered', row.delivered], ['Changed something', row.applied ? 'yes' : 'no']];
  return h('dl.facts.block', {}, list.filter(([, v]) => v).map(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
}

function attempts(rows, seq, place) {
  return h('div.scroll.block', { tabindex: '0', role: 'region', 'aria-label': 'Attempts' }, h('table.attempts', {},
    h('thead', {}, h('tr', {}, ['Attempt', 'After', 'Gap', 'Answer', 'Applied', 'Fault', 'Took'].map(x => h('th', { scope: 'col' }, x)))),
    h('tbody', {}, rows.map((r, i) => {
      const what = seen(r);
      return h('tr', { 'aria-current': r.seq === seq ? 'true' : null },
        h('td', {}, h('a.button.small', { href: place(r.seq), 'aria-label': `Attempt ${r.attempt}, request ${r.seq}` }, `${r.attempt}`), r.ambiguous ? h('span.dim', { title: 'Whether it continues this call is a guess' }, ' ?') : ''),
        h('td', {}, span((r.at_us - rows[0].at_us) / 1000)), h('td', {}, i ? span((r.at_us - rows[i - 1].at_us) / 1000) : ''),
        h('td', {}, h(`span.badge.${what.tone}`, {}, what.text)), h('td', {}, r.applied ? 'yes' : 'no'), h('td', {}, r.fault || ''),
        h('td', {}, r.delivered === 'pending' ? '…' : span(r.took_us / 1000)));
    }))));
}

export function showCall(where, seq, place) {
  let over = false, key = '', first = true;
  const choose = s => { location.hash = place(s); };

  async function draw() {
    const workspace = model.workspace, explained = await get(`explain/${seq}`, { workspace });
    const row = explained.request, doc = await get('journal', { workspace, call: row.call, partial: 1 });
    const rows = doc.requests.filter(r => r.call === row.call);
    const [calls, exchange] = await Promise.all([get('calls', { workspace, call: row.call, partial: 1 }), get(`exchange/${seq}`, { workspace }).catch(() => null)]);
    const call = calls.calls[0], outcome = outcomes[call?.outcome] || outcomes.open;
    if (over) return;
    key = rows.map(r => r.seq + r.delivered).join();
    const lasted = span((rows.at(-1).at_us - rows[0].at_us + rows.at(-1).took_us) / 1000);
    const at = where.scrollTop;
    set(where, h('article.call', {},
      h('h2', {}, row.rpc || row.method, h(`span.badge.${outcome.tone}`, {}, outcome.text), call?.ambiguous && h('span.badge', { title: 'Whether all attempts are of one call is a guess' }, 'joined by guess')),
      h('p.path', {}, `${row.method || ''} ${row.path}${row.query ? `?${row.query}` : ''}`),
      h('p.lead.dim', {}, `Call ${row.call}: ${plural(rows.length, 'attempt')} over ${lasted}, applied ${plural(call?.applied ?? 0, 'time')}. `, h('a', { href: place(0) }, 'Close')),
      timeline(rows, seq, choose),
      rows.length > 1 && attempts(rows, seq, place),
      h('div.block', {}, h('h3', {}, `Request ${seq}${rows.length > 1 ? `, attempt ${row.attempt}` : ''}`), h('p.explain', {}, explained.summary), more(explained)),
      facts(row), reasons(explained),
      h('div.block', {}, exchange ? h('div.exchange', {}, side('Request headers', exchange.request), exchange.response.status ? side(`Answer ${exchange.response.status}: headers`, exchange.response) : h('div', {}, h('h3', {}, 'Answer'), h('p.dim', {}, 'Nothing was sent.')))
        : h('p.dim', {}, 'Its headers are no longer kept; the server keeps those of the last 512 requests.')),
      row.method && h('div.block', {}, h('h3', {}, 'Send it again'), h('div.copybox', {}, h('pre', { tabindex: '0', 'aria-label': 'curl command' }, curl(row, exchange)), copyButton(() => curl(row, exchange))))));
    where.scrollTop = at;
    if (first && matchMedia('(max-width: 860px)').matches) where.scrollIntoView(); // it lies below the list
    first = false;
  }
  const fail = e => { if (!over) set(where, h('div.empty', {}, h('h2', {}, `Request ${seq}`), h('p', {}, e.message), h('p', {}, h('a', { href: place(0) }, 'Close')))); };
  set(where, h('p.dim', {}, 'Reading …'));
  where.scrollTop = 0;
  draw().catch(fail);
  const end = hear('rows', () => {
    const row = model.bySeq.get(seq);
    if (row && key && model.rows.filter(r => r.call === row.call).map(r => r.seq + r.delivered).join() !== key) draw().catch(fail);
  });
  return () => { over = true; end(); };
}
