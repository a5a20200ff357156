// The playground in Chromium: drawing, stepping, teaching, opening, and a board behind a bridge.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { hopgate, HOPGATE, place, writeBits } from '../node/common.js';
import { open as openPort, withBoard } from '../node/port.js';
import { browse, inspect, LOOKS, open, tabTo, text } from './harness.js';

const browser = await browse(test);
const root = place();
const [glyphs, digits] = ['glyphs', 'digits'].map((name) => join(root, name));
hopgate('memory', 'glyphs', '--noise', '0.1', '--quiet', '-o', glyphs);
hopgate('memory', 'digits', '--labels', 'digits', '--radius', '12', '--quiet', '-o', digits);

/** Serves a memory until the tests end, and returns where. */
async function serve(folder) {
  const child = spawn(HOPGATE, ['show', folder, '--web'], { stdio: ['ignore', 'pipe', 'ignore'] });
  test.after(() => child.kill());
  return new Promise((resolve) => child.stdout.once('data', (said) => resolve(String(said).trim())));
}
const url = await serve(glyphs);

test('it is quiet and accessible at two widths, light and dark', async () => {
  for (const look of LOOKS) {
    const opened = await open(browser, url, look);
    await inspect(opened, `playground-${look.width}-${look.scheme}`);
    await opened.page.click('#phase');
    await opened.page.click('#erase');
    await opened.page.click('#phase');
    await opened.page.click('#on');
    await inspect(opened, `playground-vote-${look.width}-${look.scheme}`);
    await opened.page.select('#which', '2');
    await opened.page.waitForFunction(() => document.querySelectorAll('.score').length === 10);
    await opened.page.click('#phase');
    await opened.page.click('#phase');
    await inspect(opened, `playground-classes-${look.width}-${look.scheme}`);
    const origin = new URL(url).origin;
    assert.ok(opened.asked.every((asked) => asked.startsWith(origin) || asked.startsWith('data:')), 'it asks for nothing elsewhere');
    await opened.page.close();
  }
});

test('by the keyboard: a cue is drawn and its answer stepped through', async () => {
  const { page, complaints } = await open(browser, url);
  await tabTo(page, '#take');
  await page.keyboard.press('Enter');
  assert.match(await text(page, '#said'), /^1 step; nearest is 0: !, 0 bits away\.$/);
  await tabTo(page, '#grid');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.equal(await text(page, '#cell'), 'row 2, column 2: zero');
  await page.keyboard.press('Space');
  assert.equal(await text(page, '#cell'), 'row 2, column 2: one');
  assert.match(await text(page, '#said'), /^2 steps; nearest is 0: !, 0 bits away\.$/);
  await tabTo(page, '#phase');
  assert.match(await text(page, '#phase-text'), /^Step 1 of 2, scan: row 1 of 384, distance 1/);
  const phases = [];
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('Enter');
    phases.push((await text(page, '#phase-text')).split(/[:,] ?/).slice(0, 2).join(' '));
  }
  assert.deepEqual(phases, ['Step 1 of 2 vote', 'Step 1 of 2 done', 'Step 2 of 2 scan', 'Step 2 of 2 vote', 'Step 2 of 2 done']);
  await tabTo(page, '#cycle');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  assert.match(await text(page, '#phase-text'), /scan: row 2 of 384/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('by the mouse: bits are drawn, erased and lost; a key is stored and forgotten', async () => {
  const { page, complaints } = await open(browser, url);
  const facts = () => text(page, '#facts');
  await page.click('#clear');
  const box = await (await page.$('#grid')).boundingBox();
  await page.click('input[value=one]');
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 5, box.y + 5, { steps: 30 });
  await page.mouse.up();
  await page.focus('#grid');
  const ones = await page.evaluate(async () => {
    // what is on the page is what the answer is of: eight bits of the first row
    return document.getElementById('said').textContent;
  });
  assert.match(ones, /steps?; nearest is/);
  await page.click('#store');
  assert.equal(await text(page, '#verdict'), 'Stored as pattern 384.');
  assert.match(await facts(), /385 of 128 bits/);
  assert.match(await text(page, '#said'), /nearest is 384: 384, 0 bits away/);
  await page.click('#store');
  assert.match(await text(page, '#verdict'), /^Known already: 384/);
  await page.$eval('#pattern', (field) => { field.value = '384'; field.dispatchEvent(new Event('change')); });
  await page.click('#forget');
  assert.match(await text(page, '#verdict'), /^Forgot pattern 384/);
  assert.match(await facts(), /384 of 128 bits/);
  await page.click('#erase');
  assert.equal(await page.$eval('#grid', (grid) => grid.dataset.partly), 'true');
  await page.click('#all-known');
  assert.equal(await page.$eval('#grid', (grid) => grid.dataset.partly), 'false');
  await page.click('#play');
  await page.waitForFunction(() => Number(document.getElementById('cycle').value) > 5);
  await page.click('#play');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a folder and a cue of the user are opened, and what is none is refused with its reason', async () => {
  const { page, complaints } = await open(browser, url);
  await (await page.$('#folder')).uploadFile(digits);
  await page.waitForFunction(() => document.getElementById('facts').textContent.includes('192 of 64 bits'));
  assert.match(await text(page, '#said'), /^Class \d, score \d+/);
  writeBits(join(root, 'cue.npy'), [Uint8Array.from({ length: 64 }, (_, i) => i % 2)]);
  await (await page.$('#file')).uploadFile(join(root, 'cue.npy'));
  await page.waitForFunction(() => document.getElementById('said').textContent.includes('unknown'));
  writeBits(join(root, 'short.npy'), [Uint8Array.from([1, 0])]);
  await (await page.$('#file')).uploadFile(join(root, 'short.npy'));
  await page.waitForFunction(() => document.getElementById('said').textContent.includes('a cue has 64 bits, and there are 2'));
  await (await page.$('#folder')).uploadFile(root);
  await page.waitForFunction(() => /^there are 2 folders.*choose one/.test(document.getElementById('status').textContent));
  mkdirSync(join(root, 'empty', 'one'), { recursive: true });
  writeFileSync(join(root, 'empty', 'one', 'manifest.json'), '{}');
  await (await page.$('#folder')).uploadFile(join(root, 'empty'));
  await page.waitForFunction(() => /no memory folder: patterns\.npy.* missing/.test(document.getElementById('status').textContent));
  // the memory before is still there
  assert.match(await text(page, '#facts'), /192 of 64 bits/);
  assert.deepEqual(complaints, []);
  await page.close();
});

/** What Web Serial would open is the pseudo-terminal of a virtual board, through this process. */
async function bridge(page, name) {
  let port;
  await page.exposeFunction('portOpen', () => { port = openPort(name); });
  await page.exposeFunction('portWrite', (bytes) => port.write(Uint8Array.from(bytes)));
  await page.exposeFunction('portRead', async () => { const came = await port.read(); return came && [...came]; });
  await page.exposeFunction('portClose', () => port.close());
  await page.evaluateOnNewDocument(() => {
    const pull = async (controller) => {
      const came = await globalThis.portRead();
      if (came) controller.enqueue(Uint8Array.from(came));
      else controller.close();
    };
    const port = {
      open: async ({ baudRate }) => {
        if (baudRate !== 1_000_000) throw new Error(`the baud rate is ${baudRate}`);
        await globalThis.portOpen();
        port.readable = new ReadableStream({ pull });
        port.writable = new WritableStream({ write: (bytes) => globalThis.portWrite([...bytes]) });
      },
      close: async () => {
        // as a real port: not while a stream of it is held
        if (port.readable.locked || port.writable.locked) throw new Error('the port is in use');
        await globalThis.portClose();
      },
    };
    Object.defineProperty(navigator, 'serial', { value: { requestPort: async () => port } });
  });
}

test('files that are dropped on the page are opened', async () => {
  const { page, complaints } = await open(browser, url);
  const dropped = readdirSync(digits).map((name) => [name, [...readFileSync(join(digits, name))]]);
  await page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) transfer.items.add(new File([Uint8Array.from(bytes)], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, dropped);
  await page.waitForFunction(() => document.getElementById('facts').textContent.includes('192 of 64 bits'));
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a board answers as the page does', async () => {
  await withBoard(digits, ['--learn', '--room', 'patterns=250'], async (name) => {
    const { page, complaints } = await open(browser, await serve(digits), { before: (page) => bridge(page, name) });
    await page.click('#connect');
    await page.waitForFunction(() => document.getElementById('board-said').textContent === 'Connected.');
    assert.match(await text(page, '#board-facts'), /class, 192 patterns of 64 bits.*lessons.*the one of this page/);
    const said = async () => {
      await page.click('#ask');
      await page.waitForFunction((before) => document.getElementById('board-said').textContent !== before, {}, 'Connected.');
      return text(page, '#board-said');
    };
    assert.match(await said(), /^The board: Class \d.*Equal to the answer of this page\.$/);
    await inspect({ page, complaints }, 'playground-board-1200-light');
    await page.click('#clear');
    await page.select('#class', '3');
    await page.click('#board-store');
    await page.waitForFunction(() => document.getElementById('board-said').textContent.includes('stored it as pattern 192'));
    assert.match(await text(page, '#board-facts'), /193 patterns.*changed since/);
    await page.click('#disconnect');
    await page.waitForFunction(() => document.getElementById('ask').disabled);
    // and again: the port was given back
    await page.click('#connect');
    await page.waitForFunction(() => document.getElementById('board-facts').textContent.includes('193 patterns'));
    await page.click('#disconnect');
    await page.waitForFunction(() => document.getElementById('ask').disabled);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
