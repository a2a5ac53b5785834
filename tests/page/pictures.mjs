// SPDX-License-Identifier: Apache-2.0
// Makes the pictures of docs/pictures from the product itself:
//   (cd tests/page && npm ci) && node tests/page/pictures.mjs
// The test beside it takes them anew and tells when those of the docs are old.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ask, experiment, openBrowser, persist, sleep, startMock } from './browser.mjs';

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

export async function takePictures(out) {
  mkdirSync(out, { recursive: true });
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
        await sleep(1500);
        const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
        writeFileSync(`${out}/${name}-${scheme}.webp`, Buffer.from(data, 'base64'));
      }
  } finally {
    await browser.close();
    await mock.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await takePictures(process.argv[2] || DOCS);
