// SPDX-License-Identifier: Apache-2.0
// The pictures of the docs show the page as it is. They are taken anew and compared when small, since waits differ from run to run.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from './browser.mjs';
import { PICTURES, takePictures, TERMINALS } from './pictures.mjs';

const kept = process.env.PICTURES || new URL('../../docs/pictures', import.meta.url).pathname;
const MOST = 40 * 1024, COLUMNS = 48, ROWS = 30;
const DIFFERS = 24; // of 255, in a cell: a moved panel or another colour; a number that changed is less
let taken, browser;

before(async () => {
  taken = mkdtempSync(path.join(tmpdir(), 'pictures-'));
  await takePictures(taken);
  browser = await openBrowser();
});
after(async () => { await browser?.close(); rmSync(taken, { recursive: true, force: true }); });

// The share of the cells in which two pictures differ, once they are as small as a grid of cells.
async function differing(page, a, b) {
  return page.evaluate(async ([files, columns, rows, differs]) => {
    const small = await Promise.all(files.map(async data => {
      const image = new Image();
      image.src = `data:image/webp;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(columns, rows).getContext('2d');
      canvas.imageSmoothingQuality = 'high';
      canvas.drawImage(image, 0, 0, columns, rows);
      return { size: `${image.width}x${image.height}`, dots: canvas.getImageData(0, 0, columns, rows).data };
    }));
    if (small[0].size !== small[1].size) return 1;
    let count = 0;
    for (let i = 0; i < columns * rows; i++)
      if ([0, 1, 2].some(c => Math.abs(small[0].dots[4 * i + c] - small[1].dots[4 * i + c]) > differs)) count++;
    return count / (columns * rows);
  }, [[a, b].map(file => readFileSync(file).toString('base64')), COLUMNS, ROWS, DIFFERS]);
}

for (const [name] of PICTURES)
  for (const scheme of ['light', 'dark'])
    test(`docs/pictures/${name}-${scheme}.webp is of the page as it is, and small`, async () => {
      const file = `${name}-${scheme}.webp`, page = browser.context.pages()[0];
      const size = readFileSync(path.join(kept, file)).length;
      assert.ok(size <= MOST, `${size} bytes`);
      const share = await differing(page, path.join(kept, file), path.join(taken, file));
      assert.ok(share < 0.06, `${(100 * share).toFixed(1)} % differs; look at it: node tests/page/pictures.mjs`);
    });

// How long a run took, how often it asked, which case had which number and how many cases there are by now is of no account.
const timeless = name => readFileSync(name, 'utf8').replace(/\d+ calls, [\d.]+ s/, '').replace(/lbc-\w+-\w+/g, 'lbc')
  .replace(/\d+ pass, (.*) \d+ cases/, '$1');
for (const { name } of TERMINALS)
  for (const scheme of ['light', 'dark'])
    test(`docs/pictures/${name}-${scheme}.svg shows what the program prints`, () => {
      const file = `${name}-${scheme}.svg`;
      assert.equal(timeless(path.join(kept, file)), timeless(path.join(taken, file)), 'look at it: node tests/page/pictures.mjs');
    });

test('it would notice the other colours, and another picture', async () => {
  const page = browser.context.pages()[0], at = name => path.join(kept, `${name}.webp`);
  assert.ok(await differing(page, at('requests-light'), at('requests-dark')) > 0.5);
  assert.ok(await differing(page, at('requests-light'), at('resources-light')) > 0.06);
});
