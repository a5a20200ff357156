// report.html of each run in HOPGATE_RUNS, in Chromium.

import assert from 'node:assert/strict';
import { basename, resolve } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { browse, inspect, LOOKS, open, tabTo, text } from './harness.js';

const RUNS = process.env.HOPGATE_RUNS.split(':').filter(Boolean);
const browser = await browse(test);
assert.ok(RUNS.length, 'HOPGATE_RUNS names no run');

for (const run of RUNS) {
  const url = pathToFileURL(resolve(run, 'report.html')).href;
  const name = `report-${basename(run)}`;

  test(`${name} is quiet and accessible at two widths, light and dark`, async () => {
    for (const look of LOOKS) {
      const opened = await open(browser, url, look);
      await inspect(opened, `${name}-${look.width}-${look.scheme}`);
      // everything that can be opened, too
      await opened.page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      await inspect(opened, `${name}-${look.width}-${look.scheme}-open`);
      assert.deepEqual(opened.asked.filter((asked) => !asked.startsWith('data:')), [url], 'it asks for nothing but itself');
      await opened.page.close();
    }
  });

  test(`${name} by the keyboard`, async () => {
    const { page, complaints } = await open(browser, url);
    if (await page.$('.plot')) {
      await tabTo(page, '.plot input[type=range]');
      const before = await text(page, '.plot .reading');
      await page.keyboard.press('Home');
      const first = await text(page, '.plot .reading');
      await page.keyboard.press('ArrowRight');
      const second = await text(page, '.plot .reading');
      assert.notEqual(first, second);
      // what is read is what the table says
      const rows = await page.$$eval('.plot:first-of-type tbody tr', (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
      assert.ok(rows[1].every((cell) => cell === '-' || second.includes(cell)), `${second} is not ${rows[1]}`);
      assert.ok(before.length > 3);
      const box = await page.$('.plot .legend input');
      await box.focus();
      await page.keyboard.press('Space');
      assert.equal(await page.$eval('.plot g[data-line]', (line) => line.style.display), 'none');
    }
    if (await page.$('.sheet button')) {
      await tabTo(page, '.sheet button');
      await page.keyboard.press('Tab');
      const cue = await page.evaluate(() => document.activeElement.dataset.cue);
      assert.ok((await text(page, '#voters h3')).startsWith(`Cue ${cue}:`));
      assert.ok((await page.$$('#voters .voters tbody tr')).length > 0);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test(`${name} on paper`, async () => {
    const { page } = await open(browser, url, { scheme: 'dark' });
    // light on paper, and all that can be opened is open
    await page.emulateMediaType('print');
    const ink = await page.evaluate(() => getComputedStyle(document.body).color);
    assert.equal(ink, 'rgb(27, 31, 36)');
    const pdf = await page.pdf({ format: 'a4', printBackground: false });
    assert.ok(await page.evaluate(() => [...document.querySelectorAll('details')].every((one) => one.open)));
    assert.equal(Buffer.from(pdf.slice(0, 5)).toString(), '%PDF-');
    await page.close();
  });
}
