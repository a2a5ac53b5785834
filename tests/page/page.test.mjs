// SPDX-License-Identifier: Apache-2.0
// The web page and the report in a real browser: what a person sees, does, hears of, and what it costs.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { ask, axe, experiment, openBrowser, persist, rule, sleep, startMock, tooWide } from './browser.mjs';

const VIEWS = ['#requests', '#requests/5', '#resources', '#resources/projects/shop', '#faults', '#faults/new', '#faults/lost-create', '#clock', '#workspaces'];
const LOOKS = [['light', 1440], ['dark', 1440], ['light', 390], ['dark', 390]];
let mock, browser, page;
const wrong = [];

before(async () => {
  mock = await startMock('--clock', 'manual:2026-11-28T09:30:00Z');
  await experiment(mock.url);
  browser = await openBrowser();
  page = browser.context.pages()[0] || await browser.context.newPage();
  page.setDefaultTimeout(120000);
  page.on('pageerror', e => wrong.push(e.message));
  page.on('console', m => { if (m.type() === 'error' && !/404|409|Failed to load resource/.test(m.text())) wrong.push(m.text()); });
  page.on('request', r => { if (new URL(r.url()).protocol !== 'data:' && !r.url().startsWith('http://127.0.0.1:')) wrong.push(`asks ${r.url()}`); });
});
after(async () => { await browser?.close(); await mock?.stop(); });

const open = async (hash = '', url = mock.url, workspace = 'default') => {
  await page.goto('about:blank');
  await page.goto(`${url}/_mock/ui?workspace=${workspace}${hash}`);
};
const look = async ([scheme, width]) => {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
};
// It has been told of everything, and has drawn it: nothing changes for a while.
const settle = async () => {
  await page.waitForFunction(() => document.querySelector('#live')?.textContent === 'live');
  await page.evaluate(() => new Promise(done => {
    let timer;
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 500); });
    const end = () => { watch.disconnect(); done(); };
    timer = setTimeout(end, 500);
    setTimeout(end, 20000); // there are views that never rest
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  }));
};

// Whether the server can have databases here: it says so at its start.
const postgres = async () => startMock('--postgres', 'auto', '--postgres-port', String(await freePort())).then(m => m.stop().then(() => true), () => false);

// A free port below those that the kernel gives away: nobody who asks it for one gets this.
const freePort = () => new Promise(done => {
  const s = http.createServer().listen(20000 + Math.floor(Math.random() * 12000), () => { const { port } = s.address(); s.close(() => done(port)); });
  s.on('error', () => done(freePort()));
});

for (const at of LOOKS)
  test(`axe finds nothing serious, nothing sticks out: ${at.join(' ')}`, async () => {
    await look(at);
    const found = [];
    for (const view of VIEWS) {
      await open(view);
      await settle();
      found.push(...(await axe(page)).map(x => `${view}: ${x}`), ...await tooWide(page, view));
    }
    assert.deepEqual(found, []);
  });

test('on a phone the tree shows the names that each branch has whole', async () => {
  await look(['light', 390]);
  await open('#resources');
  await settle();
  const names = await page.locator('.tree .name b').evaluateAll(all => all.map(b => [b.textContent, b.scrollWidth > b.clientWidth]));
  for (const name of ['shop', 'production', 'primary', 'databricks-postgres', 'admin']) {
    const seen = names.filter(([text]) => text === name);
    assert.ok(seen.length && seen.every(([, cut]) => !cut), name);
  }
});

test('the root leads to the page', async () => {
  await look(LOOKS[0]);
  await page.goto(mock.url);
  assert.match(page.url(), /\/_mock\/ui$/);
  await page.getByRole('grid', { name: 'Requests' }).waitFor();
});

test('nothing is said of a workspace before the server has told of it', async () => {
  await look(LOOKS[0]);
  let release;
  const held = new Promise(done => { release = done; });
  await page.route('**/_mock/feed*', async route => { await held; await route.continue(); });
  for (const view of ['#requests', '#resources']) {
    await open(view);
    await page.locator('.detail').waitFor({ state: 'attached' });
    await sleep(200); // allowed: nothing is to come
    assert.doesNotMatch(await page.locator('main').innerText(), /No request yet|Nothing here yet|does not exist|\b0 re/);
  }
  release();
  await page.locator('main').getByText(/\d+ resources/).waitFor();
  await page.unroute('**/_mock/feed*');
});

test('by keyboard alone: a request is found, its call opened, an attempt chosen', async () => {
  await look(LOOKS[0]);
  await open();
  await settle();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  for (let i = 0; i < 40 && await page.evaluate(() => document.activeElement.getAttribute('role')) !== 'grid'; i++) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Requests');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /CreateBranch/ }).waitFor();
  assert.match(page.url(), /#requests\/5/);
  const detail = page.locator('.detail');
  await detail.getByText('2 attempts').waitFor();
  assert.match(await detail.innerText(), /lost-create/);
  assert.match(await detail.innerText(), /curl -i/);
  assert.match(await detail.innerText(), /Authorization/);
  assert.doesNotMatch(await detail.innerText(), /Bearer mock-default/);
  await detail.getByRole('link', { name: /Attempt 2/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /#requests\/6/.test(location.hash));
});

test('filters are in the address, and a shared address shows the same', async () => {
  await open('#requests?fault=storm-503');
  await settle();
  await page.locator('.summary').filter({ hasText: /^3 of/ }).waitFor();
  await page.getByLabel('Filter').fill('nowhere');
  await page.getByRole('combobox', { name: 'Fault' }).last().selectOption('');
  await page.waitForFunction(() => /text=nowhere/.test(location.hash));
  await page.locator('.summary').filter({ hasText: /^1 of/ }).waitFor();
});

test('resources: the tree by keyboard, what is folded stays folded, ancestry, states that change', async () => {
  await open('#resources');
  await settle();
  const tree = page.getByRole('tree');
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('treeitem', { name: /^shop project/, expanded: false }).waitFor();
  await page.reload();
  await settle();
  await page.getByRole('treeitem', { name: /^shop project/, expanded: false }).waitFor();
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const graph = page.getByRole('region', { name: 'Branches and their sources' });
  await graph.getByRole('link', { name: /pull-request-17.*from development/ }).waitFor();
  await open('#resources');
  await settle();
  await ask(mock.url, 'POST', '/_mock/clock/advance', { by: '25h' });
  await page.locator('.changes').getByText('IDLE').first().waitFor();
  await page.locator('.row.fresh').first().waitFor();
});

test('a rule: an error stands beside its field; made, switched off, removed', async () => {
  await open('#faults/new');
  await settle();
  await page.getByLabel('Rpc').fill('CreateBranhc');
  await page.getByRole('button', { name: 'Add the rule' }).click();
  await page.locator('[data-path="match.rpc"] .error', { hasText: "Did you mean 'CreateBranch'" }).waitFor();
  assert.equal(await page.getByLabel('Rpc').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'match.rpc');
  await page.getByLabel('Rpc').fill('CreateBranch');
  await page.getByLabel('Action', { exact: true }).selectOption('throttle');
  await page.getByLabel('Retry after').fill('2');
  await page.getByLabel('Name', { exact: true }).fill('mine');
  await page.getByRole('button', { name: 'Add the rule' }).click();
  await page.locator('#rule-mine', { hasText: 'never acted' }).waitFor();
  const { doc } = await ask(mock.url, 'GET', '/_mock/faults/mine');
  assert.equal(doc.action.retry_after, 2);
  await page.getByRole('switch', { name: 'Rule mine is on' }).click();
  await page.locator('#rule-mine', { hasText: 'switched off' }).waitFor();
  assert.equal((await ask(mock.url, 'GET', '/_mock/faults/mine')).doc.disabled, true);
  await page.getByRole('button', { name: 'Remove rule mine' }).click();
  await page.locator('#rule-mine').waitFor({ state: 'detached' });
});

test('what a client sends is shown as text, whatever it is', async () => {
  await ask(mock.url, 'POST', '/_mock/workspaces', { name: 'odd' });
  await ask(mock.url, 'POST', '/api/2.0/postgres/projects?project_id=%25zz%3Cimg%20src=x%20onerror=alert(1)%3E', { spec: {} }, { token: 'mock-odd', agent: '<script>alert(1)</script>' });
  await ask(mock.url, 'GET', '/api/2.0/postgres/projects/%3Cb%3E', undefined, { token: 'mock-odd' });
  await open('#requests/1', mock.url, 'odd');
  await page.locator('.detail').getByText('<script>alert(1)</script>').first().waitFor();
  await page.locator('.rows .row').nth(1).waitFor(); // the list may come after the detail
  assert.equal(await page.locator('.rows .row').count(), 2);
  assert.equal(await page.locator('main img, main b b').count(), 0);
});

test('a scenario is loaded with one press', async () => {
  await ask(mock.url, 'POST', '/_mock/workspaces', { name: 'scene' });
  await open('#faults', mock.url, 'scene');
  await page.getByRole('button', { name: 'Load scenario slow-body' }).click();
  await page.locator('.rules > li .id').first().waitFor();
});

test('the clock: a refusal is shown, advancing tells what fell due', async () => {
  await open('#clock');
  await settle();
  await page.getByLabel('Advance by').fill('soon');
  await page.getByRole('button', { name: 'Advance' }).first().click();
  await page.getByRole('alert').getByText("'by' must be a duration").waitFor();
  await page.getByLabel('Advance by').fill('240h');
  await page.getByRole('button', { name: 'Advance' }).first().click();
  await page.getByText('branch purged').first().waitFor();
});

test('workspaces: made, forked, deleted, each after a question; looking makes none', async () => {
  await open('#workspaces', mock.url, 'ghost');
  await settle();
  await page.getByText('ghost does not exist yet').waitFor();
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByLabel('Name').fill('bad name');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'name' }).waitFor();
  await page.getByLabel('Name').fill('fresh');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete fresh' }).click();
  await page.keyboard.press('Escape');
  assert.ok((await ask(mock.url, 'GET', '/_mock/workspaces')).doc.workspaces.some(w => w.name === 'fresh'));
  await page.getByRole('button', { name: 'Delete fresh' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete fresh' }).waitFor({ state: 'detached' });
  const names = (await ask(mock.url, 'GET', '/_mock/workspaces')).doc.workspaces.map(w => w.name);
  assert.ok(!names.includes('fresh') && !names.includes('ghost'), names.join());
});

test('the server goes and comes back: a banner, and nothing to do', async () => {
  const host = `127.0.0.1:${await freePort()}`; // still free when the second server comes
  const first = await startMock('--clock', 'manual', '--listen', host);
  await open('', first.url);
  await settle();
  await first.stop();
  await page.getByRole('alert').getByText('does not answer').waitFor();
  const second = await startMock('--clock', 'manual', '--listen', host);
  try {
    await ask(second.url, 'GET', '/api/2.0/postgres/projects');
    await page.waitForFunction(() => document.querySelector('#banner').hidden && document.querySelectorAll('[role=row]').length === 2);
  } finally { await second.stop(); }
});

test('an admin token is asked for, again when it is wrong, and links work with it', async () => {
  const guarded = await startMock('--admin-token', 's3cret;%"');
  try {
    await open('', guarded.url);
    const field = page.getByRole('textbox', { name: 'Token' });
    await field.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The server refused that token').waitFor();
    await field.fill('s3cret;%"');
    await page.keyboard.press('Enter');
    await settle();
    const [report] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Report' }).click()]);
    await report.getByRole('heading', { name: 'How the client coped' }).waitFor();
    await report.close();
  } finally { await guarded.stop(); }
});

// All that the page receives, headers included.
async function received(cdp, run) {
  let bytes = 0;
  const count = e => { bytes += e.encodedDataLength; };
  cdp.on('Network.loadingFinished', count);
  cdp.on('Network.dataReceived', count);
  await run();
  cdp.off('Network.loadingFinished', count);
  cdp.off('Network.dataReceived', count);
  return bytes;
}

test('much of everything: 5,700 resources, 100 requests a second; main thread under 20 %; then ten idle seconds under 50 KB', async () => {
  const large = await startMock('--fixture', 'large');
  const keep = new http.Agent({ keepAlive: true, maxSockets: 2 });
  try {
    await look(LOOKS[0]);
    await open('#resources', large.url);
    await settle();
    await page.locator('.summary').filter({ hasText: /^5,7\d\d resources/ }).waitFor();
    await page.getByRole('button', { name: 'Expand all' }).click();
    await settle();
    assert.ok(await page.evaluate(() => document.querySelectorAll('[role=treeitem]').length) < 80, 'only what is in sight is drawn');
    await page.evaluate(() => { location.hash = '#requests'; });
    await page.getByRole('grid', { name: 'Requests' }).waitFor();
    await settle();
    const cdp = await browser.context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await cdp.send('Network.enable');
    const metrics = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(m => [m.name, m.value]));
    const from = await metrics(), start = Date.now();
    let sent = 0;
    const busy = await received(cdp, async () => {
      while (Date.now() - start < 6000) {
        for (const due = (Date.now() - start) / 10; sent < due; sent++) ask(large.url, 'GET', `/api/2.0/postgres/projects/p${sent % 50}`, undefined, { keep });
        await sleep(20);
      }
    });
    assert.ok(busy > 100000, `what the page receives is seen: ${busy} bytes`);
    const seconds = (Date.now() - start) / 1000, to = await metrics(), share = (to.ThreadTime - from.ThreadTime) / ((Date.now() - start) / 1000);
    console.log(`# ${Math.round(sent / seconds)} requests/s, main thread ${(share * 100).toFixed(1)} %`);
    assert.ok(sent / seconds > 80, `${sent} requests in ${seconds} s`);
    assert.ok(share < 0.2, `main thread ${share}`);
    await page.waitForFunction(n => document.querySelector('.summary').textContent.startsWith(n.toLocaleString('en')), sent);
    for (let i = 0; i < 30 && await received(cdp, () => sleep(2000)) > 10000; i++); // allowed: until it has caught up
    const bytes = await received(cdp, () => sleep(10000)); // allowed: ten seconds are measured
    console.log(`# ${bytes} bytes in ten idle seconds`);
    assert.ok(bytes < 50000, `${bytes} bytes`);
  } finally { keep.destroy(); await large.stop(); }
});

test('databases: the server behind a branch, its sessions, its addresses', async t => {
  if (!await postgres()) return t.skip('no PostgreSQL, or built without libpq');
  const data = await startMock('--postgres', 'auto', '--postgres-port', String(await freePort()));
  const branch = 'projects/shop/branches/production', primary = `${branch}/endpoints/primary`;
  try {
    await persist(data.url, 'POST', '/api/2.0/postgres/projects?project_id=shop', { spec: {} });
    assert.equal((await ask(data.url, 'POST', '/_mock/postgres/wake', { endpoint: primary })).status, 200);
    await ask(data.url, 'GET', `/api/2.0/postgres/${primary}`);
    for (const at of LOOKS) {
      await look(at);
      await open(`#resources/${branch}`, data.url);
      await page.getByRole('heading', { name: 'Database server' }).waitFor();
      assert.deepEqual([...await axe(page), ...await tooWide(page, at.join(' '))], []);
      assert.ok((await page.locator('.tree b', { hasText: 'primary' }).boundingBox()).width > 30, 'the name of an endpoint is seen');
    }
    assert.match(await page.locator('.detail').innerText(), /awake[\s\S]*Sessions\s+0[\s\S]*127\.\d+\.\d+\.\d+/);
    await ask(data.url, 'POST', '/_mock/postgres/suspend', { endpoint: primary });
    await page.locator('.detail .badge', { hasText: 'asleep' }).waitFor();
  } finally { await data.stop(); }
});

test('the report: nothing serious, nothing sticks out, two pages of paper; one file that asks for nothing', async () => {
  await ask(mock.url, 'POST', '/_mock/snapshots', { name: 'first-run' });
  await ask(mock.url, 'GET', '/api/2.0/postgres/projects');
  for (const target of ['/_mock/report', '/_mock/report?against=snapshot:first-run'])
    for (const at of LOOKS) {
      await look(at);
      await page.goto(mock.url + target);
      assert.deepEqual([...await axe(page), ...await tooWide(page, target)], [], `${target} ${at}`);
    }
  await look(LOOKS[0]);
  await page.goto(`${mock.url}/_mock/report`);
  assert.deepEqual(await page.evaluate(() => performance.getEntriesByType('resource').length), 0);
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  assert.ok(pdf.match(/\/Type\s*\/Page[^s]/g).length <= 2, 'more than two pages');
  await page.getByRole('link', { name: 'request 5' }).first().click();
  assert.ok(await page.evaluate(() => document.querySelector(location.hash).closest('details').open), 'the row is opened');
});

test('nothing went wrong in the browser, and nothing was asked of another host', () => assert.deepEqual(wrong, []));
