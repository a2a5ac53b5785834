// SPDX-License-Identifier: Apache-2.0
// The site of docs/, as docs/site.sh builds it, in a real browser: light, dark, narrow. SITE names its folder.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { axe, openBrowser, tooWide } from './browser.mjs';

const SITE = pathToFileURL(process.env.SITE + '/').href;
const PAGES = ['index', 'faults', 'lakebasectl', 'api/projects', 'fidelity', 'recipes/pytest/index'];
// The theme puts each wide table into a box that scrolls. Browsers let the keyboard reach such a box by themselves.
const THEME = ['scrollable-region-focusable: .md-typeset__scrollwrap'];
let browser, page;
const wrong = [];

before(async () => {
  browser = await openBrowser();
  page = browser.context.pages()[0] || await browser.context.newPage();
  page.setDefaultTimeout(120000);
  await page.addInitScript(() => localStorage.clear()); // where the theme remembers its colours
  page.on('pageerror', e => wrong.push(e.message));
  page.on('request', r => { if (!/^(file|data|blob):/.test(r.url())) wrong.push(`asks ${r.url()}`); });
});
after(() => browser?.close());

for (const [scheme, width] of [['light', 1440], ['dark', 1440], ['light', 390]])
  test(`axe finds nothing serious on the site, nothing sticks out: ${scheme} ${width}`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    const found = [];
    for (const name of PAGES) {
      await page.goto(`${SITE}${name}.html`);
      assert.equal(await page.locator('body').getAttribute('data-md-color-scheme'), scheme === 'dark' ? 'slate' : 'default');
      found.push(...(await axe(page, THEME)).map(x => `${name}: ${x}`), ...await tooWide(page, name));
    }
    assert.deepEqual(found, []);
  });

test('each link and picture of these pages is there', async () => {
  for (const name of PAGES) {
    await page.goto(`${SITE}${name}.html`);
    const targets = await page.evaluate(() => [...document.querySelectorAll('a[href], img[src]')].map(x => x.href || x.src));
    const gone = targets.filter(t => t.startsWith('file:') && !existsSync(fileURLToPath(t.replace(/[?#].*/, ''))));
    assert.deepEqual(gone, [], name);
  }
});

test('each table is one: no row of it stands in a paragraph', () => {
  const pages = readdirSync(process.env.SITE, { recursive: true }).filter(name => name.endsWith('.html'));
  assert.ok(pages.length > 20);
  assert.deepEqual(pages.filter(name => /<p>\s*\|/.test(readFileSync(`${process.env.SITE}/${name}`, 'utf8'))), []);
});

test('a picture follows the colours of the site, also when the reader switches them', async () => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${SITE}faults.html`);
  const shown = () => page.evaluate(() => [...document.querySelectorAll('.picture img')].filter(x => x.offsetParent).map(x => x.src.replace(/.*\//, '')));
  assert.deepEqual(await shown(), ['pipeline-light.svg#only-light']);
  await page.locator('form[data-md-component="palette"] label:visible').click();
  assert.deepEqual(await shown(), ['pipeline-dark.svg#only-dark']);
});

test('code is shown as it stands, brackets and all', async () => {
  await page.goto(`${SITE}index.html`);
  assert.match(await page.locator('body').innerText(), /must match pattern \^\[a-z0-9\]\(\[a-z0-9-\]\{0,61\}/);
});

test('the search finds a page, without a network', async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${SITE}index.html`);
  await page.getByRole('textbox', { name: 'Search' }).fill('Retry-After');
  await page.locator('.md-search-result__link').first().waitFor();
});

test('nothing went wrong, and nothing was asked of another host', () => assert.deepEqual(wrong, []));
