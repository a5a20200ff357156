// The memories that come with the page are those that the program makes.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { unpacked } from '../../page/folder.js';
import { fromFiles } from '../../page/memory.js';
import { parse } from '../../page/npy.js';
import { files, hopgate, HOPGATE, place } from './common.js';

const PAGE = new URL('../../page/memories/', import.meta.url);
const MEMORIES = [
  { file: 'glyphs.json', name: 'glyphs: 384 characters of 8 x 16', make: ['memory', 'glyphs', '--noise', '0.1'] },
  { file: 'digits.json', name: 'digits: 192 written ones of 8 x 8, with classes', make: ['memory', 'digits', '--labels', 'digits', '--noise', '0.1'] },
];

/** Bits in base 64, the lowest first. */
function packed(data) {
  const bytes = Buffer.alloc(Math.ceil(data.length / 8));
  data.forEach((bit, i) => (bytes[i >> 3] |= bit << (i & 7)));
  return bytes.toString('base64');
}

/** A memory folder in one text. */
function pack(all) {
  const text = (name) => (all.has(name) ? JSON.parse(new TextDecoder().decode(all.get(name))) : undefined);
  const array = (name) => parse(all.get(name), name);
  const { format, version, kind, neurons, outputs, patterns, planes, radius, kernel_bits, kernel_mode, max_steps, reach, sha256, info } = text('manifest.json');
  const shape = info?.model?.shape ?? info?.shape;
  const manifest = { format, version, kind, neurons, outputs, patterns, planes, radius, kernel_bits, kernel_mode, max_steps, sha256, info: shape && { shape } };
  const column = (data, j) => Array.from(data.slice(j * (neurons + 1), j * (neurons + 1) + reach + 1));
  const kernel = array('kernel.npy').data;
  return JSON.stringify({
    manifest,
    patterns: packed(array('patterns.npy').data),
    planes: packed(array('planes.npy').data),
    kernel: Array.from({ length: planes }, (_, j) => column(kernel, j)),
    offset: column(array('offset.npy').data, 0),
    labels: text('labels.json'),
    classes: text('classes.json'),
  });
}

test('built-in memories are those of the program', { skip: HOPGATE ? false : 'HOPGATE names no program' }, async () => {
  const root = place();
  const list = JSON.stringify(MEMORIES.map(({ file, name }) => ({ file, name })));
  const wanted = new Map([['list.json', list]]);
  for (const { file, make } of MEMORIES) {
    const folder = join(root, file);
    hopgate(...make, '--quiet', '-o', folder);
    wanted.set(file, pack(files(folder)));
    // what is unpacked is the memory, by its hash too
    const [here, there] = [await fromFiles(unpacked(JSON.parse(wanted.get(file)))), await fromFiles(files(folder))];
    assert.deepEqual(here, there);
    assert.ok(here.shape);
  }
  for (const [name, text] of wanted) {
    const path = new URL(name, PAGE);
    if (process.env.HOPGATE_UPDATE) writeFileSync(path, `${text}\n`);
    assert.equal(readFileSync(path, 'utf8'), `${text}\n`, `${name} is out of date: HOPGATE_UPDATE=1 HOPGATE=... node --test`);
  }
});
