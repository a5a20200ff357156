/**
 * A board behind a line: what it is, what it answers, and teaching it.
 *
 * @import { Kind } from './contract.js'
 *
 * @typedef {object} Info
 * @property {Kind} kind
 * @property {number} neurons of the memory that it holds
 * @property {number} outputs
 * @property {number} patterns
 * @property {number} planes
 * @property {number} maxSteps
 * @property {number} radius
 * @property {string} sha256
 * @property {boolean} valid
 * @property {boolean} changed whether patterns were stored or forgotten since it was loaded
 * @property {string} release of the hopgate that made it
 * @property {{neurons: number, outputs: number, patterns: number, lanes: number, beats: number, masks: boolean, learns: boolean, nearest: boolean, radius: boolean}} room
 * @property {number} clock Hz
 * @property {number} recallMs milliseconds that a recall may take
 *
 * @typedef {object} Said what a board answers to a cue
 * @property {Uint8Array | null} state the last state, or the value; nothing of kind class
 * @property {Uint8Array[]} path of kind sequence
 * @property {number} steps
 * @property {boolean} converged
 * @property {boolean} known
 * @property {boolean} uncertain
 * @property {number} nearest
 * @property {number} distance
 * @property {{class: number, second: number, score: number, margin: number} | null} ranking
 */

import { Line } from './line.js';
import * as wire from './wire.js';

const { Flag, Held, Word } = wire;
/** Where the number of beats stands on the page of a board of version 2. */
const BEATS = 48;

/** The bits of words, the lowest first. @param {number[]} words @param {number} count */
const unpack = (words, count) => Uint8Array.from({ length: count }, (_, i) => (words[i >> 4] >> (i & 15)) & 1);

/** Words of bits; beyond their end `fill` up to so many, and zero behind. @param {Uint8Array} bits @param {number} used @param {number} words */
function pack(bits, used, words) {
  const out = new Array(words).fill(0);
  for (let i = 0; i < used; i++) if (i >= bits.length || bits[i]) out[i >> 4] |= 1 << (i & 15);
  return out;
}

/** A board. */
export class Board {
  /** @param {import('./line.js').Transport} transport @param {ConstructorParameters<typeof Line>[1]} [options] */
  static async connect(transport, options) {
    const board = new Board(new Line(transport, options));
    try {
      await board.update();
    } catch (error) {
      await board.line.close();
      throw error;
    }
    return board;
  }

  /** @param {Line} line */
  constructor(line) {
    this.line = line;
    /** @type {Info} */
    this.info = /** @type {any} */ (null);
  }

  /** Reads again what the board is and holds. */
  async update() {
    const read = (/** @type {number} */ at, /** @type {number} */ count) => this.line.ask(wire.READ, [wire.PAGE, at, count], count);
    // of two lengths: what another program on the line asked for is not taken for the other half
    const words = [...(await read(0, 50)), ...(await read(50, 48))];
    if (words[Word.MAGIC] !== wire.MAGIC) throw new Error('something answers, but it is no hopgate board');
    // of a board that takes several kinds, the memory says which it is of
    const several = words[Word.KIND] === wire.SEVERAL;
    const number = several ? (words[Held.FIXED_MODE] >> Held.KIND_SHIFT) - 1 : words[Word.KIND];
    const kind = /** @type {Kind | undefined} */ (wire.KINDS[several && words[wire.BEGIN] !== words[wire.COMMIT] ? 0 : number]);
    if (!kind) throw new Error(`the board is of kind ${words[Word.KIND]}, which this page does not know`);
    if (words[Word.RANKS]) throw new Error('the board answers with lists of patterns, which this page does not show');
    const flag = (/** @type {number} */ bit) => ((words[Word.FLAGS] >> bit) & 1) === 1;
    const long = (/** @type {number} */ at) => words[at] + words[at + 1] * 65536;
    const text = (/** @type {number} */ at, /** @type {number} */ count) => words.slice(at, at + count).flatMap((word) => [word & 255, word >> 8]);
    const room = {
      neurons: words[Word.NEURONS],
      outputs: words[Word.OUTPUTS],
      patterns: words[Word.PATTERNS],
      lanes: words[Word.LANES],
      beats: words[Word.VERSION] === 2 ? words[BEATS] : 1,
      masks: flag(Flag.MASKS),
      learns: flag(Flag.LEARN),
      nearest: flag(Flag.NEAREST),
      radius: flag(Flag.RADIUS),
    };
    const valued = kind === 'map' || kind === 'class';
    const neurons = words[Held.NEURONS];
    const votes = words[Word.PLANES] * words[Word.FOLD] * room.patterns;
    const steps = valued ? 1 : Math.max(words[Held.MAX_STEPS], 1);
    const ranking = several && kind === 'class' ? room.outputs + 3 : 0;
    const cycles = steps * (room.beats * (words[Word.GROUPS] + votes) + words[Word.LATENCY] + ranking) + 96 * (this.cueWords(room) + 64);
    this.info = {
      kind,
      neurons,
      outputs: valued ? words[Held.OUTPUTS] : neurons,
      patterns: words[Held.PATTERNS],
      planes: words[Held.PLANES],
      maxSteps: words[Held.MAX_STEPS],
      radius: room.radius ? words[Held.RADIUS] : neurons,
      sha256: text(Held.SHA256, 16).map((b) => b.toString(16).padStart(2, '0')).join(''),
      valid: words[wire.BEGIN] === words[wire.COMMIT],
      changed: room.learns && words[Held.CHANGED] === 1,
      release: String.fromCharCode(...text(Word.RELEASE, 8).filter((b) => b)),
      room,
      clock: long(Word.CLOCK),
      recallMs: (1000 * cycles) / Math.max(long(Word.CLOCK), 1),
    };
    return this.info;
  }

  /** @param {Info['room']} room */
  cueWords(room) {
    return Math.ceil(room.neurons / 16);
  }

  /**
   * The words of a cue or a mask: neurons that the memory does not use are one.
   * @param {Uint8Array} bits
   */
  words(bits) {
    if (bits.length !== this.info.neurons) throw new Error(`the cue has ${bits.length} bits, but the board's memory ${this.info.neurons}`);
    return pack(bits, this.info.room.neurons, this.cueWords(this.info.room));
  }

  /**
   * The board's answer to a cue.
   * @param {Uint8Array} cue
   * @param {Uint8Array | null} known
   * @returns {Promise<Said>}
   */
  async recall(cue, known = null) {
    const { kind, room, outputs, neurons, maxSteps, recallMs } = this.info;
    if (known?.includes(0) && !room.masks) throw new Error('bits of the cue are unknown, but the board takes every bit as known: build one with --masks');
    const said = { auto: this.cueWords(room), sequence: this.cueWords(room), map: Math.ceil(room.outputs / 16), class: wire.CLASS_WORDS }[kind];
    const answers = kind === 'sequence' ? maxSteps : 1;
    const full = new Uint8Array(neurons).fill(1);
    const body = room.masks ? [...this.words(cue), ...this.words(known ?? full)] : this.words(cue);
    const size = said + wire.INFO_WORDS;
    const words = await this.line.ask(room.masks ? wire.MASKED : wire.RECALL, body, answers * size, recallMs);
    const of = (/** @type {number} */ a) => words.slice(a * size, a * size + said);
    const last = of(answers - 1);
    const [status, nearest, distance] = words.slice(-wire.INFO_WORDS);
    const signed = (/** @type {number} */ low, /** @type {number} */ high) => (low | (high << 16)) | 0;
    return {
      state: kind === 'class' ? null : unpack(last, kind === 'map' ? outputs : neurons),
      path: kind === 'sequence' ? Array.from({ length: answers }, (_, a) => unpack(of(a), neurons)) : [],
      steps: status & ~wire.STATUS,
      converged: (status & wire.CONVERGED) !== 0,
      known: (status & wire.UNKNOWN) === 0,
      uncertain: room.learns && (status & wire.UNCERTAIN) !== 0,
      nearest,
      distance,
      ranking: kind === 'class' ? { class: last[0], second: last[1], score: signed(last[2], last[3]), margin: signed(last[4], last[5]) >>> 0 } : null,
    };
  }

  /**
   * Stores a key, and its class where the board has classes.
   * @param {Uint8Array} key
   * @param {number | null} c
   * @returns {Promise<{verdict: 'stored' | 'known' | 'full', pattern: number | null}>}
   */
  async store(key, c) {
    if (!this.info.room.learns) throw new Error('this board does not learn: build one with --learn');
    if ((this.info.kind === 'class') !== (c !== null)) throw new Error(this.info.kind === 'class' ? 'which class is the key of?' : 'the board has no classes');
    if (c !== null && !(c >= 0 && c < this.info.outputs)) throw new Error(`the board has classes 0 to ${this.info.outputs - 1}`);
    const before = this.info.patterns;
    const [status, nearest, distance] = await this.line.ask(wire.STORE, [...(c === null ? [] : [c]), ...this.words(key)], wire.INFO_WORDS, this.info.recallMs);
    // a request whose reply was lost is sent again, and finds its own pattern
    if (status & wire.STORED || (nearest === before && distance === 0)) {
      await this.update();
      return { verdict: 'stored', pattern: before };
    }
    return status & wire.FULL ? { verdict: 'full', pattern: null } : { verdict: 'known', pattern: nearest };
  }

  /** Forgets a pattern: the last one takes its place. @param {number} mu */
  async forget(mu) {
    if (!this.info.room.learns) throw new Error('this board does not learn: build one with --learn');
    const count = this.info.patterns;
    if (!(mu >= 0 && mu < count)) throw new Error(`there is no pattern ${mu}: the board holds ${count}`);
    try {
      await this.line.ask(wire.FORGET, [mu, count], 0, 2 * this.info.recallMs);
    } catch (error) {
      // a request whose reply was lost is sent again, and refused: it was carried out before
      if ((await this.update()).patterns !== count - 1) throw error;
    }
    return this.update();
  }

  /** Closes the line. */
  close() {
    return this.line.close();
  }
}
