// SPDX-License-Identifier: Apache-2.0
// A server, a headless Chromium, and a client whose requests give the page something to show.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'];

export function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try { return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(); } catch { /* the next one */ }
  }
  return null;
}

// A browser with an empty profile; close() takes both away.
export async function openBrowser() {
  const profile = mkdtempSync(path.join(tmpdir(), 'page-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: browserPath(), args: FLAGS, chromiumSandbox: false, viewport: { width: 1440, height: 900 }, acceptDownloads: false });
  return { context, close: async () => { await context.close(); rmSync(profile, { recursive: true, force: true }); } };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds serious or critical on a page, as "rule: element", but for what begins with a word of `known`.
export async function axe(page, known = []) {
  await page.evaluate(source => { if (!window.axe) (0, eval)(source); }, axeSource).catch(async () => {
    // The policy of a page may forbid eval; the browser's own way is not bound by it.
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Runtime.evaluate', { expression: axeSource });
    await cdp.detach();
  });
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`)).filter(line => !known.some(k => line.startsWith(k))).slice(0, 8);
}

// Whether a page has to be moved sideways.
export async function tooWide(page, what) {
  const [have, need] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  return need > have ? [`${what} is ${need} wide in ${have}`] : [];
}

export async function startMock(...args) {
  const port = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const child = spawn(process.env.LAKEBASE_MOCK || fileURLToPath(new URL('../../build/server/lakebase-mock', import.meta.url)), [...port, '--log', 'off', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', data => { text += data; if (text.includes('\n')) done(JSON.parse(text.split('\n')[0]).url); });
    child.on('error', fail);
    child.on('exit', code => fail(new Error(`the server ended with ${code}`)));
  });
  return {
    url, child,
    stop: () => new Promise(done => { if (child.exitCode !== null || child.signalCode !== null) done(); else { child.once('exit', done); child.kill(); } }),
  };
}

// One request on a connection of its own agent. Resolves with {status, headers, doc}; status 0 when there was no answer.
export function ask(url, method, target, body, { token = 'mock-default', agent = 'databricks-sdk-py/0.71.0', headers = {}, keep, timeout } = {}) {
  return new Promise(done => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const req = http.request(new URL(target, url), {
      method, agent: keep, headers: { 'user-agent': agent, ...(target.startsWith('/_mock') ? {} : { authorization: `Bearer ${token}` }), ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}), ...headers },
    }, res => {
      let data = '';
      res.on('data', x => { data += x; });
      res.on('end', () => { let doc = null; try { doc = JSON.parse(data); } catch { /* told by doc */ } done({ status: res.statusCode, headers: res.headers, doc, text: data }); });
      res.on('error', () => done({ status: 0, headers: {}, doc: null }));
    });
    if (timeout) req.setTimeout(timeout, () => req.destroy());
    req.on('error', () => done({ status: 0, headers: {}, doc: null }));
    req.end(text);
  });
}

export const sleep = ms => new Promise(done => setTimeout(done, ms));

// A client that tries again after no answer, 409, 429 and 5xx, waiting `wait(attempt, answer)` ms.
export async function persist(url, method, target, body, { most = 6, wait = n => 120 * 2 ** n * (0.6 + 0.4 * ((n * 7919) % 10) / 10), ...how } = {}) {
  for (let n = 0; ; n++) {
    const answer = await ask(url, method, target, body, how);
    if ((answer.status && ![409, 429].includes(answer.status) && answer.status < 500) || n + 1 === most) return answer;
    const asked = Number(answer.headers['retry-after']);
    await sleep(Number.isFinite(asked) && asked > 0 ? asked * 1000 + 30 : wait(n)); // allowed: a client that waits
  }
}

const API = '/api/2.0/postgres';

export const rule = (url, doc, workspace = 'default') => ask(url, 'POST', `/_mock/faults?workspace=${workspace}`, doc);

// An experiment: a shop is built while some things go wrong.
export async function experiment(url, workspace = 'default') {
  const keep = new http.Agent({ keepAlive: true }), how = { token: `mock-${workspace}`, keep };
  const go = (method, target, body) => persist(url, method, API + target, body, how);
  await rule(url, { id: 'lost-create', match: { rpc: 'CreateBranch', attempt: '1', call: '2' }, phase: 'after_commit', action: { type: 'reset' }, expect: { fired: 1 } }, workspace);
  await rule(url, { id: 'storm-503', match: { rpc: 'CreateEndpoint', attempt: '1-3' }, phase: 'before', action: { type: 'unavailable' } }, workspace);
  await rule(url, { id: 'throttle', match: { rpc: 'CreateRole', attempt: '1' }, action: { type: 'throttle', retry_after: 1 } }, workspace);
  await rule(url, { id: 'slow-list', match: { rpc: 'ListBranches' }, action: { type: 'delay', fixed: '240ms' } }, workspace);
  await rule(url, { id: 'html-502', match: { rpc: 'DeleteBranch', attempt: '1' }, action: { type: 'garbage', kind: 'html' } }, workspace);
  await go('POST', '/projects?project_id=shop', { spec: { display_name: 'Web shop', pg_version: 17 } });
  await go('GET', '/projects/shop');
  const main = 'projects/shop/branches/production';
  await go('POST', '/projects/shop/branches?branch_id=development', { spec: { source_branch: main, no_expiry: true } });
  await go('GET', '/projects/shop/branches/development');
  await go('POST', '/projects/shop/branches?branch_id=pull-request-17', { spec: { source_branch: 'projects/shop/branches/development', ttl: '86400s' } });
  await go('GET', '/projects/shop/branches/pull-request-17');
  await go('POST', '/projects/shop/branches?branch_id=load-test', { spec: { source_branch: 'projects/shop/branches/development', ttl: '7200s' } });
  await go('POST', `/${main}/endpoints?endpoint_id=reporting`, { spec: { endpoint_type: 'ENDPOINT_TYPE_READ_ONLY', autoscaling_limit_min_cu: 0.5, autoscaling_limit_max_cu: 2 } });
  await go('POST', `/${main}/roles?role_id=storefront`, { spec: { postgres_role: 'storefront' } });
  await go('POST', `/${main}/databases?database_id=orders`, { spec: { postgres_database: 'orders', role: `${main}/roles/storefront` } });
  await go('GET', '/projects/shop/branches');
  await go('GET', '/projects/nowhere');
  await go('DELETE', '/projects/shop/branches/load-test');
  keep.destroy();
}
