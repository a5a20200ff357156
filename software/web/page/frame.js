/**
 * Frames: 16-bit words to bytes without a zero (COBS), and back. Written from docs/src/reference/protocol.md.
 *
 * @typedef {object} Frame
 * @property {number} kind
 * @property {number} version
 * @property {boolean} reply
 * @property {number} sequence
 * @property {number[]} body words
 */

import { CRC_WORDS, REPLY } from './wire.js';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** The CRC-32 of Ethernet and zlib. @param {Uint8Array | number[]} data */
export function crc32(data) {
  let c = 0xffffffff;
  for (const byte of data) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** @param {number[]} data @returns {number[]} no zero is added at the end */
export function cobs(data) {
  const out = [];
  /** @type {number[]} */
  let block = [];
  data.forEach((byte, i) => {
    if (byte) block.push(byte);
    // a full block needs no other behind it at the end
    if (byte === 0 || (block.length === 254 && i + 1 < data.length)) {
      out.push(block.length + 1, ...block);
      block = [];
    }
  });
  out.push(block.length + 1, ...block);
  return out;
}

/** @param {number[]} data without its zero @returns {number[] | null} null for what is no such frame */
export function uncobs(data) {
  const out = [];
  for (let i = 0; i < data.length; ) {
    const code = data[i];
    const block = data.slice(i + 1, i + code);
    if (code === 0 || block.length !== code - 1 || block.includes(0)) return null;
    out.push(...block);
    i += code;
    if (code < 255 && i < data.length) out.push(0);
  }
  return out;
}

/** A frame as it goes over the line, with its zero. @param {number} kind @param {number} version @param {number} sequence @param {number[]} body */
export function encode(kind, version, sequence, body) {
  const data = [kind | (version << 4), sequence, ...body.flatMap((word) => [word & 255, word >> 8])];
  const crc = crc32(data);
  return Uint8Array.from([...cobs([...data, crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24]), 0]);
}

/** A frame without its zero; null if it was hit. @param {number[]} bytes @returns {Frame | null} */
export function decode(bytes) {
  const data = uncobs(bytes);
  if (data === null || data.length < 2 + 2 * CRC_WORDS || data.length % 2) return null;
  const end = data.length - 2 * CRC_WORDS;
  const crc = (data[end] | (data[end + 1] << 8) | (data[end + 2] << 16) | (data[end + 3] << 24)) >>> 0;
  if (crc !== crc32(data.slice(0, end))) return null;
  const body = [];
  for (let i = 2; i < end; i += 2) body.push(data[i] | (data[i + 1] << 8));
  return { kind: data[0] & 15, version: (data[0] >> 4) & 7, reply: (data[0] & REPLY) !== 0, sequence: data[1], body };
}
