// SPDX-License-Identifier: Apache-2.0
// Makes the pictures of docs/pictures from the product itself:
//   (cd tests/page && npm ci) && node tests/page/pictures.mjs
// The test beside it takes them anew and tells when those of the docs are old.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { ask, experiment, openBrowser, persist, sleep, startMock } from './browser.mjs';
import { drawTerminal, onTerminal } from './terminal.mjs';

const DOCS = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const QUALITY = 50; // at most 40 KiB each
const API = '/api/2.0/postgres';
export const PICTURES = [
  ['requests', '/_mock/ui#requests/11', 1100, 600],
  ['resources', '/_mock/ui#resources/projects/shop', 1100, 600],
  ['report', '/_mock/report?workspace=storm', 1000, 800],
];

// A client that backs off by doubling, with jitter, against a storm of 503 and of Retry-After.
async function storm(url) {
  const how = { token: 'mock-storm', agent: 'my-sync-job/2.3 databricks-sdk-go/0.90.0', most: 7, wait: n => 140 * 2 ** n * (0.75 + 0.5 * ((n * 37 + 11) % 10) / 10) };
  await ask(url, 'POST', '/_mock/scenarios/storm-503?workspace=storm', {});
  await ask(url, 'POST', '/_mock/faults?workspace=storm', { id: 'throttle', match: { rpc: 'ListBranches', attempt: '6' }, action: { type: 'throttle', retry_after: 2 } });
  await persist(url, 'POST', `${API}/projects?project_id=shop`, { spec: { display_name: 'Web shop' } }, how);
  for (const name of ['staging', 'preview'])
    await persist(url, 'POST', `${API}/projects/shop/branches?branch_id=${name}`, { spec: { source_branch: 'projects/shop/branches/production', no_expiry: true } }, how);
  await persist(url, 'GET', `${API}/projects/shop/branches`, undefined, how);
}

// What is typed on a terminal, and what the programs of this build print there. `before` is typed, and not shown.
const READER = 'http://127.0.0.1:4610';
export const TERMINALS = [
  { name: 'lakebasectl', flags: ['--clock', 'manual:2026-11-28T09:30:00Z'], columns: 92,
    about: 'lakebasectl shows a project as a tree, lists its branches, and compares two of them',
    before: ['lakebasectl project create shop --wait', 'lakebasectl branch create shop/dev --ttl 7d --wait', 'lakebasectl branch update shop/production --set is_protected=true --wait'],
    typed: ['lakebasectl tree shop', 'lakebasectl branch list shop -o name,status.current_state,status.expire_time', 'lakebasectl branch diff shop/production shop/dev'] },
  { name: 'conformance', flags: ['--set', 'reuse_deleted_branch_id=false'], columns: 104,
    about: 'lakebase-conformance names the one behaviour in which a server differs: it refuses the id of a deleted branch',
    before: [], typed: [`lakebase-conformance --seed 1 --target ${READER} --run 'lakebase.branch.delete.*'`] },
];

// The folders of the programs, so that they are found by name.
const programs = () => {
  const server = process.env.LAKEBASE_MOCK || fileURLToPath(new URL('../../build/server/lakebase-mock', import.meta.url));
  return ['client', 'tests/conformance'].map(folder => path.join(path.dirname(server), '..', folder)).join(':');
};

export async function drawTerminals(out) {
  for (const { name, flags, columns, about, before, typed } of TERMINALS) {
    const mock = await startMock(...flags);
    const env = { PATH: `${programs()}:${process.env.PATH}`, DATABRICKS_HOST: mock.url, DATABRICKS_TOKEN: 'mock-default' };
    const run = command => onTerminal(command.replace(READER, mock.url), columns, env).map(line => line.replaceAll(mock.url, READER));
    try {
      before.forEach(run);
      const sessions = typed.map(command => [command, run(command)]);
      for (const scheme of ['light', 'dark'])
        writeFileSync(`${out}/${name}-${scheme}.svg`, drawTerminal(scheme, about, columns, sessions));
    } finally { await mock.stop(); }
  }
}

// A picture once it is the same for a while: all is drawn then, however busy the machine is. A browser that has no
// frame ready says that it is unable to take one, and is asked again.
async function drawn(cdp) {
  const take = () => cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  for (let last, same = 0, n = 0; ; n++) {
    const data = (await (n < 100 ? take().catch(() => ({})) : take())).data;
    same = data && data === last ? same + 1 : 0;
    if (same === 3 || n === 100) return data;
    last = data;
    await sleep(400); // allowed: the same for so long
  }
}

export async function takePictures(out) {
  mkdirSync(out, { recursive: true });
  await drawTerminals(out);
  const mock = await startMock('--clock', 'manual:2026-11-28T09:30:00Z');
  const browser = await openBrowser();
  try {
    await Promise.all([experiment(mock.url), storm(mock.url)]);
    writeFileSync(`${out}/plot.svg`, (await ask(mock.url, 'GET', '/_mock/report?workspace=storm&format=svg')).text);
    const page = browser.context.pages()[0] || await browser.context.newPage();
    const cdp = await browser.context.newCDPSession(page);
    for (const scheme of ['light', 'dark'])
      for (const [name, target, width, height] of PICTURES) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height });
        await page.goto('about:blank');
        await page.goto(mock.url + target);
        if (target.startsWith('/_mock/ui')) await page.waitForFunction(() => document.querySelector('#live')?.textContent === 'live');
        writeFileSync(`${out}/${name}-${scheme}.webp`, Buffer.from(await drawn(cdp), 'base64'));
      }
  } finally {
    await browser.close();
    await mock.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await takePictures(process.argv[2] || DOCS);
