// What the tests share: random numbers with a seed, memory folders, the program, and archives of numpy.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { hash } from '../../page/memory.js';
import { encode, parse } from '../../page/npy.js';

/** The program that the pages are compared with. */
export const HOPGATE = process.env.HOPGATE;

/** A folder that goes when the process ends. */
export function place() {
  const folder = mkdtempSync(join(tmpdir(), 'hopgate-web-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Numbers from 0 up to below 1, the same for the same seed (xorshift of 32 bits). */
export function random(seed) {
  let x = (seed * 2654435761) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** Runs the program, and returns what it printed. */
export const hopgate = (...args) => execFileSync(HOPGATE, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The arrays of a `.npz`, by name. */
export function npz(path) {
  const file = readFileSync(path);
  let end = file.length - 22;
  while (file.readUInt32LE(end) !== 0x06054b50) end--;
  const arrays = {};
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment] = [10, 20, 28, 30, 32].map((field) => (field === 20 ? file.readUInt32LE(at + 20) : file.readUInt16LE(at + field)));
    const called = file.toString('utf8', at + 46, at + 46 + name);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + size);
    arrays[called.replace(/\.npy$/, '')] = parse(new Uint8Array(method === 8 ? inflateRawSync(packed) : packed), called);
    at += 46 + name + extra + comment;
  }
  return arrays;
}

/** The files of a folder, by name. */
export const files = (folder) => new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));

/** Rows of bits as `.npy`. */
export function writeBits(path, rows) {
  writeFileSync(path, encode([rows.length, rows[0].length], Uint8Array.from(rows.flatMap((row) => [...row]))));
}

/** Bits, each a one with this probability. */
export const bits = (draw, count, p = 0.5) => Uint8Array.from({ length: count }, () => (draw() < p ? 1 : 0));

/** A random memory of this shape. */
export function randomMemory(seed, { kind, n, m, p, k, kernelBits, mode, radius, reach, maxSteps, offset, top }) {
  const draw = random(seed);
  const seen = new Set();
  const patterns = [];
  while (patterns.length < p) {
    const row = bits(draw, n);
    if (!seen.has(row.join(''))) patterns.push(row);
    seen.add(row.join(''));
  }
  const planes = Array.from({ length: k }, () => patterns.map(() => bits(draw, m)));
  if (top) planes[k - 1] = patterns.map((row) => Uint8Array.from(row));
  const entry = (e) => (e > reach ? 0 : Math.floor(draw() * 2 ** kernelBits) || 1);
  const kernel = planes.map(() => Uint32Array.from({ length: n + 1 }, (_, e) => entry(e)));
  const column = Int32Array.from({ length: n + 1 }, (_, e) => (offset && e <= reach ? Math.floor((draw() - 0.5) * 2 ** kernelBits) : 0));
  return { kind, neurons: n, outputs: m, maxSteps, radius, mode, kernelBits, reach, patterns, planes, kernel, offset: column, labels: null, classes: null, shape: null };
}

/** Writes a memory as a folder, with all of its hashes. */
export async function writeMemory(folder, memory) {
  mkdirSync(folder, { recursive: true });
  const { neurons: n, outputs: m, patterns, planes, kernel } = memory;
  const arrays = {
    'patterns.npy': encode([patterns.length, n], Uint8Array.from(patterns.flatMap((row) => [...row]))),
    'planes.npy': encode([planes.length, patterns.length, m], Uint8Array.from(planes.flat().flatMap((row) => [...row]))),
    'kernel.npy': encode([kernel.length, n + 1], Uint32Array.from(kernel.flatMap((column) => [...column]))),
    'offset.npy': encode([n + 1], memory.offset),
  };
  const version = memory.kind === 'auto' && memory.radius === n ? 1 : 2;
  const same = memory.kind === 'auto' && planes.at(-1).every((row, mu) => row.every((bit, i) => bit === patterns[mu][i]));
  const lines = [
    '{',
    ...Object.entries({
      format: 'hopgate-memory',
      version,
      ...(version === 2 ? { kind: memory.kind, outputs: m, radius: memory.radius } : {}),
      neurons: n,
      patterns: patterns.length,
      planes: planes.length,
      top_plane_is_pattern: same,
      kernel_bits: memory.kernelBits,
      kernel_mode: memory.mode,
      accumulator_bits: 40,
      max_steps: memory.maxSteps,
      gamma: 0.5,
      reach: memory.reach,
      scheme: 'random',
      sha256: await hash(memory, version),
    }).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`),
  ];
  // the program believes accumulator_bits where the manifest has a hash of its own: it is of no concern to a recall
  const digest = createHash('sha256').update([...lines, '}', ''].join('\n')).digest('hex');
  writeFileSync(join(folder, 'manifest.json'), [...lines, `  "manifest_sha256": "${digest}"`, '}', ''].join('\n'));
  for (const [name, data] of Object.entries(arrays)) writeFileSync(join(folder, name), data);
}
