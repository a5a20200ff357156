// The client of the page against the virtual board, and frames.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { crc32 as crcOfZlib } from 'node:zlib';
import { Board } from '../../page/board.js';
import { recall } from '../../page/contract.js';
import { cobs, crc32, decode, encode, uncobs } from '../../page/frame.js';
import { forget, recognise, store } from '../../page/learn.js';
import { fromFiles } from '../../page/memory.js';
import { bits, files, hopgate, HOPGATE, place, random, randomMemory, writeMemory } from './common.js';
import { open, withBoard } from './port.js';

const skip = HOPGATE ? false : 'HOPGATE names no program';

test('frames survive, and damaged ones are none', () => {
  const draw = random(5);
  for (const length of [0, 1, 2, 5, 126, 127, 128, 254, 255, 300]) {
    const data = Array.from({ length }, () => (draw() < 0.02 ? 0 : 1 + Math.floor(draw() * 255)));
    const stuffed = cobs(data);
    assert.ok(!stuffed.includes(0) && stuffed.every((byte) => byte < 256));
    assert.deepEqual(uncobs(stuffed), data);
    if (crcOfZlib) assert.equal(crc32(data), crcOfZlib(Uint8Array.from(data)));
    const body = Array.from({ length }, () => Math.floor(draw() * 65536));
    const frame = [...encode(3, 1, 7, body)];
    assert.equal(frame.pop(), 0);
    assert.deepEqual(decode(frame), { kind: 3, version: 1, reply: false, sequence: 7, body });
    const at = Math.floor(draw() * frame.length);
    assert.equal(decode(frame.with(at, (frame[at] ^ 8) || 1)), null);
  }
  // what zlib says of the bytes 1 to 9 in text
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
});

/** A memory on a virtual board, answered by both. */
async function compare(seed, shape, options, known, tries = {}) {
  const folder = join(place(), 'memory');
  await writeMemory(folder, randomMemory(seed, shape));
  const memory = await fromFiles(files(folder));
  const draw = random(seed);
  await withBoard(folder, options, async (name) => {
    const board = await Board.connect(open(name), tries);
    assert.deepEqual([board.info.kind, board.info.neurons, board.info.patterns, board.info.sha256, board.info.valid], [memory.kind, memory.neurons, memory.patterns.length, memory.sha256, true]);
    for (let q = 0; q < 40; q++) {
      const cue = memory.patterns[q % memory.patterns.length].map((bit) => bit ^ (draw() < (q % 4 ? 0.15 : 0) ? 1 : 0));
      const mask = known ? bits(draw, cue.length, 0.8) : null;
      const [said, want] = [await board.recall(cue, mask), recall(memory, cue, { known: mask })];
      const picked = ({ state, path, steps, converged, known: within, nearest, distance, ranking }) => ({ state, path, steps, converged, known: within, nearest, distance, ranking });
      assert.deepEqual(picked(said), picked(want), `cue ${q}`);
    }
    if (!known) await assert.rejects(board.recall(memory.patterns[0], new Uint8Array(memory.neurons)), /--masks/);
    await board.close();
  });
}

const SHAPE = { kind: 'auto', n: 50, m: 50, p: 30, k: 2, kernelBits: 8, mode: 'normalised', radius: 50, reach: 6, maxSteps: 9, offset: false, top: true };

test('the board answers as the page does: auto', { skip }, () => compare(1, SHAPE, [], false));
test('with masks and a radius', { skip }, () => compare(2, { ...SHAPE, radius: 9 }, ['--masks'], true));
test('classes', { skip }, () => compare(3, { ...SHAPE, kind: 'class', m: 5, k: 1, radius: 8, top: false }, [], false));
test('values', { skip }, () => compare(4, { ...SHAPE, kind: 'map', m: 21, k: 3, top: false }, [], false));
test('a sequence', { skip }, () => compare(5, { ...SHAPE, kind: 'sequence', maxSteps: 4, top: false }, [], false));
test('rows in beats, which is version 2', { skip }, () => compare(6, { ...SHAPE, n: 70, m: 70, k: 1 }, ['--lanes', '2'], false));
test('a board with room for more', { skip }, () => compare(8, { ...SHAPE, radius: 9 }, ['--room', 'neurons=75,patterns=50'], false));
test('over a line that loses bytes', { skip }, () => compare(7, SHAPE, ['--byte-errors', '0.002', '--seed', '3'], false, { timeout: 60, tries: 40 }));

test('what is no board says so, and a second host is noticed', { skip }, async () => {
  const silent = { write: async () => undefined, read: () => new Promise(() => undefined), close: async () => undefined };
  await assert.rejects(Board.connect(silent, { timeout: 5, tries: 2 }), /sent 2 times.*framed/);
  const folder = join(place(), 'memory');
  await writeMemory(folder, randomMemory(9, SHAPE));
  await withBoard(folder, [], async (name) => {
    const line = open(name);
    const board = await Board.connect(line);
    // somebody else's request: its reply comes here
    await line.write(encode(1, 1, (board.line.sequence + 100) % 255 || 1, [0, 0, 1]));
    await assert.rejects(board.update(), /another program/);
    await board.close();
  });
});

test('a board is taught as the page is', { skip }, async () => {
  const root = place();
  const [folder, learnt] = ['memory', 'learnt'].map((name) => join(root, name));
  hopgate('memory', 'digits', '--labels', 'digits', '--quiet', '-o', folder);
  const memory = await fromFiles(files(folder));
  const draw = random(11);
  await withBoard(folder, ['--learn', '--room', `patterns=${memory.patterns.length + 6}`], async (name) => {
    const board = await Board.connect(open(name));
    const room = board.info.room.patterns;
    const verdicts = new Set();
    assert.ok(room >= memory.patterns.length + 6);
    const keys = Array.from({ length: room - memory.patterns.length + 2 }, () => memory.patterns[Math.floor(draw() * 190)].map((bit) => bit ^ (draw() < 0.1 ? 1 : 0)));
    for (const [t, key] of [...keys, keys[0]].entries()) {
      // the last one is the first one again
      const c = t === keys.length ? 0 : t % memory.outputs;
      const got = await board.store(key, c);
      if (got.verdict === 'full') assert.equal(memory.patterns.length, room);
      else assert.equal(got.verdict, store(memory, key, c).verdict, `key ${t}`);
      verdicts.add(got.verdict);
      const said = await board.recall(key);
      assert.deepEqual(said.ranking, recall(memory, key).ranking);
      assert.equal(said.known ? (said.uncertain ? 'uncertain' : 'identified') : 'unknown', recognise(memory, key));
    }
    assert.deepEqual([...verdicts].sort(), ['full', 'known', 'stored']);
    // a key that is a pattern of another class is known, and stays what it was
    const other = { key: memory.patterns[5], c: (memory.planes[0][5].indexOf(1) + 1) % memory.outputs };
    assert.equal((await board.store(other.key, other.c)).verdict, 'known');
    assert.equal(store(memory, other.key, other.c).verdict, 'known');
    for (const mu of [3, memory.patterns.length - 2]) {
      forget(memory, mu);
      assert.equal((await board.forget(mu)).patterns, memory.patterns.length);
    }
    // a lost reply: the key is sent again, and finds itself
    const line = board.line.transport;
    const read = line.read.bind(line);
    let lost = 0;
    line.read = async () => {
      const came = await read();
      return lost++ === 0 ? Uint8Array.of(0) : came;
    };
    board.line.timeout = 400;
    const fresh = memory.patterns[0].map((bit) => 1 - bit);
    // what is being read now is read by the old way: the reply after it is the one that is lost
    await board.update();
    lost = 0;
    assert.deepEqual(await board.store(fresh, 2), { verdict: 'stored', pattern: memory.patterns.length });
    assert.ok(lost > 1);
    store(memory, fresh, 2);
    await board.close();
    hopgate('host', '--port', name, 'read', '-o', learnt, '--quiet');
    const there = await fromFiles(files(learnt));
    assert.deepEqual(there.patterns, memory.patterns);
    assert.deepEqual(there.planes, memory.planes);
  });
});
