/**
 * Requests over a line, each with its reply: what is lost is sent again, and a second host is noticed.
 *
 * @import { Frame } from './frame.js'
 *
 * @typedef {object} Transport a line of bytes
 * @property {(bytes: Uint8Array) => Promise<void>} write
 * @property {() => Promise<Uint8Array | null>} read what came; null at the end
 * @property {() => Promise<void>} close
 */

import { decode, encode } from './frame.js';
import { Code, ERROR, VERSION } from './wire.js';

/** Errors of a damaged line: the request is sent again. */
const TRANSIENT = [Code.CRC, Code.FRAME, Code.TOO_LONG];
/** The newest version of the protocol that is spoken here. */
const NEWEST = 2;

/** The board refused a request. */
export class BoardError extends Error {
  /** @param {number} code @param {number} detail */
  constructor(code, detail) {
    const name = Object.entries(Code).find(([, number]) => number === code)?.[0] ?? `code ${code}`;
    super(code === Code.INVALID ? 'the board holds no valid memory: load one with hopgate host load' : `the board refused a request: ${name}${detail ? `, ${detail}` : ''}`);
    this.code = code;
  }
}

/** A line to a board. One request is on its way at a time. */
export class Line {
  /** @param {Transport} transport @param {{baud?: number, timeout?: number, tries?: number, seed?: number}} [options] timeout in milliseconds */
  constructor(transport, { baud = 1_000_000, timeout = 500, tries = 8, seed = Math.floor(Math.random() * 256) } = {}) {
    this.transport = transport;
    this.baud = baud;
    this.timeout = timeout;
    this.tries = tries;
    /** Why the line ended, if it failed. @type {unknown} */
    this.failure = null;
    this.version = VERSION;
    this.sequence = seed;
    /** Numbers whose replies may still come. @type {Set<number>} */
    this.late = new Set();
    /** @type {number[]} */
    this.bytes = [];
    /** @type {Frame[]} */
    this.frames = [];
    /** @type {(() => void) | null} */
    this.woken = null;
    this.ended = false;
    this.listen();
  }

  /** Takes what comes, frame by frame. */
  async listen() {
    try {
      for (;;) {
        const came = await this.transport.read();
        if (came === null) break;
        for (const byte of came) {
          if (byte) {
            this.bytes.push(byte);
            continue;
          }
          const frame = this.bytes.length ? decode(this.bytes) : null;
          this.bytes = [];
          if (frame?.reply) this.frames.push(frame);
        }
        this.woken?.();
      }
    } catch (error) {
      this.failure = error;
    }
    this.ended = true;
    this.woken?.();
  }

  /** The next number: never zero, and none whose reply may still come. */
  next() {
    do this.sequence = (this.sequence % 255) + 1;
    while (this.late.has(this.sequence));
    return this.sequence;
  }

  /** A frame that comes within so many milliseconds; null without one. @param {number} wait @returns {Promise<Frame | null>} */
  async frame(wait) {
    const until = performance.now() + wait;
    while (!this.frames.length) {
      const left = until - performance.now();
      if (this.ended) throw new Error(`the line ended${this.failure instanceof Error ? `: ${this.failure.message}` : ''}`);
      if (left <= 0) return null;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.woken = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
      this.woken = null;
    }
    return /** @type {Frame} */ (this.frames.shift());
  }

  /**
   * One request and its reply.
   * @param {number} kind
   * @param {number[]} body
   * @param {number} words of the reply's body
   * @param {number} [patience] milliseconds that the board may work on it
   * @returns {Promise<number[]>}
   */
  async ask(kind, body, words, patience = 0) {
    for (let attempt = 0; attempt < this.tries; attempt++) {
      const number = this.next();
      const bytes = encode(kind, this.version, number, body);
      const wait = this.timeout + patience + ((bytes.length + 2 * words + 16) * 10_000) / this.baud;
      await this.transport.write(bytes);
      for (;;) {
        const reply = await this.frame(wait);
        if (reply === null || (reply.kind === ERROR && reply.sequence === 0)) {
          // the line lost its place: begin anew
          this.late.add(number);
          if (this.late.size > 64) this.late.delete(this.late.values().next().value ?? 0);
          await this.transport.write(Uint8Array.of(0));
          break;
        }
        if (reply.sequence !== number) {
          if (this.late.delete(reply.sequence)) continue;
          throw new Error('another program reads this line, too: a line is for one host');
        }
        if (reply.kind === ERROR) {
          const [code, detail] = [reply.body[0] ?? 0, reply.body[1] ?? 0];
          if (code === Code.VERSION && detail !== this.version && detail >= VERSION && detail <= NEWEST) {
            this.version = detail;
            break;
          }
          if (TRANSIENT.includes(code)) break;
          throw new BoardError(code, detail);
        }
        if (reply.kind !== kind || reply.body.length !== words) throw new Error('another program reads this line, too, or this is no hopgate board');
        return reply.body;
      }
    }
    throw new Error(`no answer to a request that was sent ${this.tries} times: is this the board's port, is it a hopgate board with --protocol framed, and is ${this.baud} its baud rate?`);
  }

  /** Closes the line. */
  close() {
    return this.transport.close();
  }
}
