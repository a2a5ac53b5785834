// SPDX-License-Identifier: Apache-2.0
// How times, paths, states and outcomes are written, in one place.

// 09:30:00.120
export const clockTime = iso => `${iso.slice(11, 19)}.${`${/\.(\d{1,3})/.exec(iso)?.[1] || ''}000`.slice(0, 3)}`;
export const dateTime = iso => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
const units = [['d', 86400e3], ['h', 3600e3], ['min', 60e3], ['s', 1e3]];

// 0.4 ms, 12 ms, 1.25 s, 3 min 20 s, 2 d 4 h
export function span(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60e3) return `${(ms / 1000).toFixed(ms < 10e3 ? 2 : 1)} s`;
  const at = units.findIndex(([, size]) => ms >= size), [unit, size] = units[at];
  const rest = Math.floor((ms % size) / units[at + 1][1]);
  return `${Math.floor(ms / size)} ${unit}${rest ? ` ${rest} ${units[at + 1][0]}` : ''}`;
}

export const until = (iso, now) => {
  const left = Date.parse(iso) - now;
  return left <= 0 ? 'now' : `in ${span(left)}`;
};

export const bytes = n => n < 1024 ? `${n} B` : n < 1 << 20 ? `${(n / 1024).toFixed(1)} KiB`
  : n < 1 << 30 ? `${(n / (1 << 20)).toFixed(1)} MiB` : `${(n / (1 << 30)).toFixed(1)} GiB`;

export const plural = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const shortPath = path => path.replace(/^\/api\/2\.0\/(postgres\/|)/, '');

// What cannot be decoded stays as it came: a client may send anything.
export function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// What a request is about: its path, and what a create wants to make.
export function target(row) {
  const id = /(?:^|&)\w+_id=([^&]+)/.exec(row.query || '');
  return `${shortPath(row.path)}${id && row.method === 'POST' ? `/${decode(id[1])}` : ''}`;
}

// projects/p/branches/b -> p/b
export const ids = name => name.split('/').filter((_, i) => i % 2).join('/') || name;

// What the client saw: {text, tone}. The tone is a colour, the text says the same.
export function seen(row) {
  if (row.delivered === 'pending') return { text: 'pending', tone: 'pending' };
  if (row.rpc === 'Connect' || row.rpc === 'Session')
    return row.error_code ? { text: row.error_code, tone: 'bad' } : { text: row.applied ? 'connected' : 'closed', tone: row.applied ? 'ok' : 'none' };
  if (!row.sent_status) return { text: 'no answer', tone: 'none' };
  const part = row.delivered === 'partial' ? ' in part' : '';
  const tone = row.delivered === 'partial' ? 'none' : row.sent_status < 400 ? 'ok' : row.sent_status < 500 ? 'warn' : 'bad';
  return { text: `${row.sent_status}${part}`, tone };
}

export const outcomes = {
  ok: { text: 'succeeded', tone: 'ok' },
  error: { text: 'failed', tone: 'bad' },
  open: { text: 'not settled', tone: 'warn' },
};

const tones = {
  READY: 'ok', ACTIVE: 'ok', ONLINE: 'ok', IDLE: 'info', INIT: 'warn', IMPORTING: 'warn', RESETTING: 'warn',
  DELETED: 'none', DEGRADED: 'bad', FAILED: 'bad', OFFLINE: 'bad', ARCHIVED: 'none',
};
export const stateTone = state => tones[state] || (/FAIL|ERROR/.test(state) ? 'bad' : /PROVISION|PENDING|ING$/.test(state) ? 'warn' : '');

export function stateOf(object) {
  if (object.deleted) return 'DELETED';
  const status = object.doc?.status || {};
  return status.current_state || status.state || status.detailed_state || '';
}

// projects/p/branches/b -> ['branches', 'b']
export const lastPair = name => name.split('/').slice(-2);
export const kindWord = kind => kind.replaceAll('_', ' ');
