// SPDX-License-Identifier: Apache-2.0
// Requests to /_mock of the server that this page came from, and to nobody else.
import { ask } from './dom.js';

const COOKIE = 'lakebase_mock_admin';
let asking = null;

// Kept for this tab; the cookie is for links, which cannot carry a header. It is only taken for GET.
function remember(token) {
  sessionStorage.setItem(COOKIE, token);
  document.cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/_mock; SameSite=Strict`;
}

export class Refused extends Error {
  constructor(status, doc) {
    super(doc?.message || `The server answered ${status}`);
    this.status = status;
    this.code = doc?.error_code;
  }
}

function askToken(wrong) {
  asking ||= ask({
    title: 'Admin token', yes: 'Use it',
    text: wrong ? 'The server refused that token. It is the value given to --admin-token.'
      : 'This server was started with --admin-token and shows its state only with it.',
    fields: [{ name: 'token', label: 'Token', type: 'password' }],
  }).then(values => {
    asking = null;
    if (values) remember(values.token);
    return Boolean(values);
  });
  return asking;
}

export const link = (path, query = {}) => {
  const known = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== '');
  return `/_mock/${path}${known.length ? `?${new URLSearchParams(known)}` : ''}`;
};

export async function call(method, path, query, body, signal) {
  const token = sessionStorage.getItem(COOKIE);
  const headers = {};
  if (token) headers['X-Mock-Admin-Token'] = token;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(link(path, query), {
    method, headers, signal, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let doc = null;
  try { doc = JSON.parse(text); } catch { /* not JSON: the status tells */ }
  if (answer.status === 403 && /admin-token|X-Mock-Admin-Token/i.test(doc?.message || '')) {
    if (await askToken(Boolean(token))) return call(method, path, query, body, signal);
  }
  if (!answer.ok) throw new Refused(answer.status, doc);
  return doc;
}

export const get = (path, query, signal) => call('GET', path, query, undefined, signal);
export const post = (path, query, body = {}) => call('POST', path, query, body);
export const put = (path, query, body) => call('PUT', path, query, body);
export const patch = (path, query, body) => call('PATCH', path, query, body);
export const drop = (path, query) => call('DELETE', path, query);
