/**
 * The numeric contract, version 2: what a recall answers. Written from docs/src/reference/contract.md.
 *
 * Bits are Uint8Array of 0 and 1. All sums are integers below 2^53, which a number holds exactly.
 *
 * @typedef {'auto' | 'map' | 'class' | 'sequence'} Kind
 *
 * @typedef {object} Memory
 * @property {Kind} kind
 * @property {number} neurons N
 * @property {number} outputs M
 * @property {number} maxSteps
 * @property {number} radius
 * @property {'normalised' | 'fixed'} mode
 * @property {number} kernelBits
 * @property {number} reach the largest e with an entry that is not zero
 * @property {Uint8Array[]} patterns P rows of N bits
 * @property {Uint8Array[][]} planes k planes of P rows of M bits
 * @property {Uint32Array[]} kernel k columns of N + 1 entries
 * @property {Int32Array} offset N + 1 entries
 * @property {string[] | null} labels a name for each pattern
 * @property {string[] | null} classes a name for each class
 * @property {[number, number] | null} shape height and width of the patterns as pictures
 * @property {string} [sha256]
 *
 * @typedef {object} Voter a pattern within reach
 * @property {number} mu its number
 * @property {number} distance
 * @property {number} e the entry of the kernel that it votes with
 *
 * @typedef {object} Step
 * @property {Uint8Array} from the state that entered it
 * @property {Uint32Array} distances over the known bits, of every pattern
 * @property {number} nearest
 * @property {number} distance
 * @property {Voter[]} queue in the order of the patterns
 * @property {Float64Array} field one for each output
 * @property {Uint8Array} state the outputs [h >= 0]; where bits are clamped, with those
 *
 * @typedef {object} Ranking
 * @property {number} class
 * @property {number} score
 * @property {number} second
 * @property {number} margin
 *
 * @typedef {object} Answer
 * @property {Uint8Array | null} state nothing of kind class
 * @property {number} steps
 * @property {boolean} converged
 * @property {number} nearest
 * @property {number} distance
 * @property {boolean} known
 * @property {Float64Array} field
 * @property {Ranking | null} ranking of kind class
 * @property {Uint8Array[]} path of kind sequence: the state after every step
 * @property {Step[]} all every step, to look at
 */

/**
 * The distance of a state from a pattern, over the known bits.
 * @param {Uint8Array} state
 * @param {Uint8Array} pattern
 * @param {Uint8Array | null} known null: all of them
 */
export function distance(state, pattern, known) {
  let d = 0;
  for (let i = 0; i < pattern.length; i++) d += (state[i] ^ pattern[i]) & (known ? known[i] : 1);
  return d;
}

/**
 * The patterns that vote: those within reach of the nearest one, or of the state in mode fixed.
 * @param {Memory} memory
 * @param {Uint32Array} distances
 * @param {number} least
 * @returns {Voter[]}
 */
function queue(memory, distances, least) {
  const base = memory.mode === 'normalised' ? least : 0;
  /** @type {Voter[]} */
  const voters = [];
  distances.forEach((d, mu) => {
    if (d - base <= memory.reach) voters.push({ mu, distance: d, e: d - base });
  });
  return voters;
}

/**
 * Adds what one voter says in one plane; with plane 0 its offset, too.
 * @param {Memory} memory
 * @param {Voter} voter
 * @param {number} plane
 * @param {Float64Array} field
 */
export function vote(memory, voter, plane, field) {
  const weight = memory.kernel[plane][voter.e];
  const offset = plane === 0 ? memory.offset[voter.e] : 0;
  const bits = memory.planes[plane][voter.mu];
  for (let i = 0; i < field.length; i++) field[i] += offset + (bits[i] ? weight : -weight);
}

/**
 * One step from a state.
 * @param {Memory} memory
 * @param {Uint8Array} state
 * @param {Uint8Array | null} known null: all bits are
 * @returns {Step}
 */
export function step(memory, state, known) {
  const distances = Uint32Array.from(memory.patterns, (pattern) => distance(state, pattern, known));
  let nearest = 0;
  distances.forEach((d, mu) => {
    if (d < distances[nearest]) nearest = mu;
  });
  const voters = queue(memory, distances, distances[nearest]);
  const field = new Float64Array(memory.outputs);
  for (const voter of voters) memory.planes.forEach((_, j) => vote(memory, voter, j, field));
  return { from: state, distances, nearest, distance: distances[nearest], queue: voters, field, state: Uint8Array.from(field, (h) => (h >= 0 ? 1 : 0)) };
}

/**
 * The two classes that scored most.
 * @param {Float64Array} field
 * @returns {Ranking}
 */
export function ranking(field) {
  /** @param {number} except */
  const best = (except) => field.reduce((at, h, c) => (c !== except && (at < 0 || h > field[at]) ? c : at), -1);
  const first = best(-1);
  const second = best(first);
  return { class: first, score: field[first], second, margin: field[first] - field[second] };
}

/**
 * A recall.
 * @param {Memory} memory
 * @param {Uint8Array} cue
 * @param {{known?: Uint8Array | null, clamp?: boolean, radius?: number}} [options]
 * @returns {Answer}
 */
export function recall(memory, cue, options = {}) {
  if (!memory.patterns.length) throw new Error('the memory holds no pattern: store one first');
  const mask = options.known ?? null;
  const partly = mask !== null && mask.includes(0) ? mask : null;
  // what is not known is taken as zero
  const asked = partly ? cue.map((bit, i) => bit & partly[i]) : Uint8Array.from(cue);
  const held = options.clamp && memory.kind === 'auto' ? (mask ?? new Uint8Array(memory.neurons).fill(1)) : null;
  const radius = options.radius ?? memory.radius;
  /** @type {Step[]} */
  const all = [];
  const path = [];
  /** @type {Uint8Array} */
  let state = asked;
  for (;;) {
    const known = all.length === 0 ? partly : null;
    const now = step(memory, state, known);
    if (held) now.state = now.state.map((bit, i) => (held[i] ? asked[i] : bit));
    all.push(now);
    const same = known === null && memory.outputs === memory.neurons && now.state.every((bit, i) => bit === state[i]);
    if (memory.kind === 'sequence') path.push(now.state);
    const once = memory.kind === 'map' || memory.kind === 'class';
    if (once || (memory.kind === 'auto' && same) || all.length === memory.maxSteps) {
      return {
        state: memory.kind === 'class' ? null : now.state,
        steps: all.length,
        converged: once || same,
        nearest: now.nearest,
        distance: now.distance,
        known: now.distance <= radius,
        field: now.field,
        ranking: memory.kind === 'class' ? ranking(now.field) : null,
        path,
        all,
      };
    }
    state = now.state;
  }
}

/**
 * The patterns nearest to a cue, ordered by (distance, index).
 * @param {Memory} memory
 * @param {Uint8Array} cue
 * @param {Uint8Array | null} known
 * @param {number | 'reach'} top so many, or all that vote
 * @returns {{mu: number, distance: number}[]}
 */
export function ranked(memory, cue, known, top) {
  const first = step(memory, known ? cue.map((bit, i) => bit & known[i]) : cue, known);
  const all = top === 'reach' ? first.queue : Array.from(first.distances, (d, mu) => ({ mu, distance: d, e: 0 }));
  const sorted = all.map(({ mu, distance: d }) => ({ mu, distance: d })).sort((a, b) => a.distance - b.distance || a.mu - b.mu);
  return top === 'reach' ? sorted : sorted.slice(0, top);
}
