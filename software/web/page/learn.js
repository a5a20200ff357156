/**
 * Learning: a memory takes a pattern without training, and gives one back. Written from docs/src/reference/contract.md.
 *
 * @import { Memory } from './contract.js'
 */

import { distance, step } from './contract.js';

/**
 * Whether the memory learns; else the reason why not.
 * @param {Memory} memory
 * @returns {string | null} null: it does
 */
export function whyNot(memory) {
  if (memory.planes.length !== 1) return `it has ${memory.planes.length} planes, and a memory that learns has one`;
  if (memory.offset.some((o) => o !== 0)) return 'it has an offset, which no new pattern could be given';
  if (memory.kind === 'class') return null;
  if (memory.kind !== 'auto') return `it is of kind ${memory.kind}`;
  const plain = memory.planes[0].every((row, mu) => row.every((bit, i) => bit === memory.patterns[mu][i]));
  return plain ? null : 'its plane was trained: it is not its patterns';
}

/** The radius within which a key is known. @param {Memory} memory */
const storing = (memory) => (memory.radius === memory.neurons ? 0 : memory.radius);

/**
 * Stores a key, and its class where the memory has classes.
 * @param {Memory} memory it is changed
 * @param {Uint8Array} key
 * @param {number | null} c
 * @returns {{verdict: 'stored' | 'known', pattern: number}}
 */
export function store(memory, key, c) {
  const reason = whyNot(memory);
  if (reason) throw new Error(`this memory does not learn: ${reason}`);
  if ((memory.kind === 'class') !== (c !== null)) throw new Error(memory.kind === 'class' ? 'which class is the key of?' : 'the memory has no classes');
  if (c !== null && !(c >= 0 && c < memory.outputs)) throw new Error(`there are classes 0 to ${memory.outputs - 1}`);
  if (memory.patterns.length) {
    const now = step(memory, key, null);
    const near = (/** @type {number} */ d) => d <= storing(memory);
    const voter = now.queue.some((v) => near(v.distance) && memory.planes[0][v.mu][c ?? 0] === 1);
    if (c === null ? near(now.distance) : voter || now.distance === 0) return { verdict: 'known', pattern: now.nearest };
  }
  memory.patterns.push(Uint8Array.from(key));
  memory.planes[0].push(c === null ? Uint8Array.from(key) : Uint8Array.from({ length: memory.outputs }, (_, i) => (i === c ? 1 : 0)));
  if (memory.labels) memory.labels.push((c === null ? null : memory.classes?.[c]) ?? String(memory.patterns.length - 1));
  memory.sha256 = undefined;
  return { verdict: 'stored', pattern: memory.patterns.length - 1 };
}

/**
 * Forgets a pattern: the last one takes its place.
 * @param {Memory} memory it is changed
 * @param {number} mu
 */
export function forget(memory, mu) {
  const reason = whyNot(memory);
  if (reason) throw new Error(`this memory does not learn: ${reason}`);
  if (!(mu >= 0 && mu < memory.patterns.length)) throw new Error(`there is no pattern ${mu}: the memory holds ${memory.patterns.length}`);
  for (const rows of /** @type {unknown[][]} */ ([memory.patterns, memory.planes[0], ...(memory.labels ? [memory.labels] : [])])) {
    const last = rows.pop();
    if (mu < rows.length) rows[mu] = last;
  }
  memory.sha256 = undefined;
}

/**
 * What a key is: identified, uncertain or unknown.
 * @param {Memory} memory
 * @param {Uint8Array} key
 * @returns {'identified' | 'uncertain' | 'unknown'}
 */
export function recognise(memory, key) {
  if (!memory.patterns.some((pattern) => distance(key, pattern, null) <= memory.radius)) return 'unknown';
  if (memory.kind !== 'class') return 'identified';
  const voters = step(memory, key, null).queue.filter((v) => v.distance <= memory.radius);
  const classes = new Set(voters.flatMap((v) => [...memory.planes[0][v.mu]].flatMap((bit, c) => (bit ? [c] : []))));
  return classes.size > 1 ? 'uncertain' : 'identified';
}
