// The contract in JavaScript against `hopgate recall`: every number of every trace.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { ranked, recall } from '../../page/contract.js';
import { fromFiles } from '../../page/memory.js';
import { bits, files, hopgate, HOPGATE, npz, place, random, randomMemory, writeBits, writeMemory } from './common.js';

const CUES = 64;

// kind, planes, neurons, outputs and the rest: every kind with 1 to 4 planes, odd widths, both modes, radii, offsets
const SHAPES = ['auto', 'map', 'class', 'sequence'].flatMap((kind, a) =>
  [1, 2, 3, 4].map((k, b) => {
    const n = [17, 64, 33, 100][(a + b) % 4];
    const apart = kind === 'map' || kind === 'class';
    const p = [12, 40, 1, 25][b];
    return {
      kind,
      k,
      n,
      m: apart ? [3, 10, 17, 2][b] : n,
      p,
      kernelBits: [4, 8, 12, 16][(a + 2 * b) % 4],
      mode: b % 2 ? 'fixed' : 'normalised',
      radius: b === 0 ? n : Math.floor(n / 3),
      reach: [2, Math.floor(n / 2), n, 5][b],
      maxSteps: [7, 30, 3, 1][(a + b) % 4],
      offset: b > 1,
      top: b === 1 && !apart,
    };
  }),
);

/** Cues near the patterns and far from them, with masks of which some are full and one knows nothing. */
function ask(memory, seed) {
  const draw = random(seed);
  const cues = Array.from({ length: CUES }, (_, q) => {
    const flips = bits(draw, memory.neurons, [0, 0.1, 0.3, 0.5][q % 4]);
    return memory.patterns[q % memory.patterns.length].map((bit, i) => bit ^ flips[i]);
  });
  const masks = cues.map((cue, q) => bits(draw, cue.length, q === 5 ? 0 : [1, 0.7, 0.3][q % 3]));
  return { cues, masks };
}

const ints = (array) => Array.from(array.data, Number);

/** Compares all answers with a trace. */
function equal(memory, cues, masks, options, trace) {
  const answers = cues.map((cue, q) => recall(memory, cue, { known: masks?.[q] ?? null, ...options }));
  const each = (name, of) => assert.deepEqual(ints(trace[name]), answers.flatMap(of), name);
  each('steps', (a) => a.steps);
  each('converged', (a) => Number(a.converged));
  each('nearest', (a) => a.nearest);
  each('distance', (a) => a.distance);
  each('known', (a) => Number(a.known));
  if (memory.kind === 'class') {
    each('answers', (a) => (a.known ? a.ranking.class : -1));
    each('scores', (a) => [...a.field]);
    for (const name of ['class', 'second', 'score', 'margin']) each(name, (a) => a.ranking[name]);
  } else {
    each('answers', (a) => [...a.state]);
    each('field', (a) => [...a.field]);
  }
  if (memory.kind === 'sequence') each('path', (a) => a.path.flatMap((state) => [...state]));
  return answers;
}

test('every answer is that of hopgate recall', { skip: HOPGATE ? false : 'HOPGATE names no program' }, async (t) => {
  const root = place();
  let compared = 0;
  let corrected = 0;
  for (const [i, shape] of SHAPES.entries()) {
    await t.test(`${shape.kind}, k = ${shape.k}, ${shape.p} of ${shape.n} bits, ${shape.mode}`, async () => {
      const folder = join(root, `memory-${i}`);
      const written = randomMemory(i + 1, shape);
      await writeMemory(folder, written);
      const memory = await fromFiles(files(folder));
      assert.equal(memory.reach, written.reach);
      const { cues, masks } = ask(memory, 1000 + i);
      const [queries, mask, trace] = ['cues.npy', 'mask.npy', 'trace.npz'].map((name) => join(root, `${i}-${name}`));
      writeBits(queries, cues);
      writeBits(mask, masks);
      const run = (...more) => {
        hopgate('recall', folder, '--queries', queries, '--trace', trace, '--quiet', ...more);
        return npz(trace);
      };
      const most = Math.min(3, memory.patterns.length);
      const plain = run('--top', String(most));
      const answers = equal(memory, cues, null, {}, plain);
      corrected += answers.filter((a, q) => a.state && a.state.some((bit, j) => bit !== cues[q][j])).length;
      const top = cues.map((cue) => ranked(memory, cue, null, 3));
      assert.deepEqual(ints(plain.ranked), top.flatMap((list) => list.slice(0, most).map((one) => one.mu)));
      assert.deepEqual(ints(plain.ranked_distance), top.flatMap((list) => list.slice(0, most).map((one) => one.distance)));
      equal(memory, cues, masks, { radius: 3 }, run('--mask', mask, '--radius', '3'));
      compared += 2 * CUES;
      if (memory.kind === 'auto') {
        equal(memory, cues, masks, { clamp: true }, run('--mask', mask, '--clamp'));
        compared += CUES;
      }
    });
  }
  assert.ok(compared >= 1000 && corrected > 100, `${compared} cues, ${corrected} answers that are not their cues`);
});

test('a wrong entry is seen', { skip: HOPGATE ? false : 'HOPGATE names no program' }, async () => {
  const root = place();
  const [folder, queries, trace] = ['memory', 'cues.npy', 'trace.npz'].map((name) => join(root, name));
  const memory = randomMemory(3, SHAPES[1]);
  await writeMemory(folder, memory);
  const { cues } = ask(memory, 9);
  writeBits(queries, cues);
  hopgate('recall', folder, '--queries', queries, '--trace', trace, '--quiet');
  equal(memory, cues, null, {}, npz(trace));
  memory.kernel[0][memory.reach]++;
  assert.throws(() => equal(memory, cues, null, {}, npz(trace)));
});

test('damaged folders are refused, with the file', async () => {
  const folder = join(place(), 'memory');
  await writeMemory(folder, randomMemory(1, SHAPES[0]));
  const good = files(folder);
  await fromFiles(good);
  const bad = (name, change) => fromFiles(new Map(good).set(name, change(good.get(name))));
  const flip = (bytes) => bytes.with(bytes.length - 1, 1 - bytes.at(-1));
  await assert.rejects(bad('patterns.npy', flip), /hash/);
  await assert.rejects(bad('patterns.npy', (bytes) => bytes.subarray(0, bytes.length - 1)), /patterns\.npy.*elements/);
  await assert.rejects(bad('planes.npy', (bytes) => bytes.with(bytes.length - 1, 7)), /planes\.npy.*0 and 1/);
  await assert.rejects(bad('offset.npy', () => good.get('kernel.npy')), /offset\.npy.*shape/);
  await assert.rejects(bad('kernel.npy', () => new TextEncoder().encode('hello')), /no \.npy/);
  await assert.rejects(bad('manifest.json', () => new TextEncoder().encode('{')), /manifest\.json/);
  await assert.rejects(fromFiles(new Map([...good].filter(([name]) => name !== 'offset.npy'))), /offset\.npy missing/);
});
