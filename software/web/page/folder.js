/**
 * Where memories come from: a folder of the user, what is served beside the page, and what is built in.
 *
 * @import { Memory } from './contract.js'
 */

import { fromFiles, NEEDED, OPTIONAL } from './memory.js';
import { encode, parse, rows } from './npy.js';

const NAMES = [...NEEDED, ...OPTIONAL];

/** The memory of files that were chosen. @param {Iterable<File>} files */
export async function chosen(files) {
  /** @type {Map<string, Map<string, Uint8Array>>} */
  const folders = new Map();
  for (const file of files) {
    if (!NAMES.includes(file.name)) continue;
    const of = file.webkitRelativePath.slice(0, -file.name.length);
    if (!folders.has(of)) folders.set(of, new Map());
    folders.get(of)?.set(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  const memories = [...folders.values()].filter((found) => found.has('manifest.json'));
  if (memories.length > 1) throw new Error(`there are ${memories.length} folders with a manifest.json: choose one of them`);
  return fromFiles(memories[0] ?? [...folders.values()][0] ?? new Map());
}

/** The files of what was dropped, a folder or files. @param {DataTransfer} transfer @returns {Promise<File[]>} */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  /** @type {(entry: any) => Promise<File[]>} */
  const filesOf = async (entry) => {
    if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return found;
      // the files of the folder itself: a memory has none below
      for (const one of some) if (one.isFile) found.push(...(await filesOf(one)));
    }
  };
  return entries.length ? (await Promise.all(entries.map(filesOf))).flat() : [...transfer.files];
}

/** @param {string} path */
async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response;
}

/** The memory that is served beside the page, by the names of its files. @param {string[]} names */
export async function served(names) {
  const files = await Promise.all(names.filter((name) => NAMES.includes(name)).map(async (name) => [name, new Uint8Array(await (await load(`memory/${name}`)).arrayBuffer())]));
  return fromFiles(new Map(/** @type {[string, Uint8Array][]} */ (files)));
}

/**
 * What is served: names of the files of a memory, and where that is; nothing where the page is a static one.
 * @returns {Promise<{memory: string[], name: string} | null>}
 */
export const offered = async () => (await load('served.json')).json();

/** The memories that come with the page. @returns {Promise<{file: string, name: string}[]>} */
export const builtIn = async () => (await load('memories/list.json')).json();

/** Reads one of them. @param {string} file @returns {Promise<Memory>} */
export const open = async (file) => fromFiles(unpacked(await (await load(`memories/${file}`)).json()));

/**
 * The files of a packed memory: bits in base 64, the lowest first; columns up to the reach.
 * @param {any} packed
 * @returns {Map<string, Uint8Array>}
 */
export function unpacked(packed) {
  const { neurons: n, patterns: p, planes: k } = packed.manifest;
  const m = packed.manifest.outputs ?? n;
  const text = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
  const bits = (/** @type {string} */ base, /** @type {number} */ count) => {
    const bytes = Uint8Array.from(atob(base), (c) => c.charCodeAt(0));
    return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
  };
  const column = (/** @type {number[]} */ list) => [...list, ...new Array(n + 1 - list.length).fill(0)];
  const files = new Map([
    ['manifest.json', text(packed.manifest)],
    ['patterns.npy', encode([p, n], bits(packed.patterns, p * n))],
    ['planes.npy', encode([k, p, m], bits(packed.planes, k * p * m))],
    ['kernel.npy', encode([k, n + 1], Uint32Array.from(packed.kernel.flatMap(column)))],
    ['offset.npy', encode([n + 1], Int32Array.from(column(packed.offset)))],
  ]);
  if (packed.labels) files.set('labels.json', text(packed.labels));
  if (packed.classes) files.set('classes.json', text(packed.classes));
  return files;
}

/**
 * The first cue of a file: bits, and which of them are known.
 * @param {File} file
 * @param {number} neurons
 * @returns {Promise<{bits: Uint8Array, known: Uint8Array}>}
 */
export async function cue(file, neurons) {
  let bits;
  let known = null;
  if (file.name.endsWith('.npy')) {
    bits = rows(parse(new Uint8Array(await file.arrayBuffer()), file.name), file.name)[0];
  } else {
    const line = (await file.text()).split(/\r\n|\r|\n/).find((one) => one.trim() && !one.startsWith('#')) ?? '';
    const cells = [...line.replace(/[\s,;]/g, '')];
    const bad = cells.find((cell) => !'01?'.includes(cell));
    if (bad) throw new Error(`${file.name}: holds ${bad}, but a cue is 0, 1 and ?`);
    bits = Uint8Array.from(cells, (cell) => (cell === '1' ? 1 : 0));
    known = Uint8Array.from(cells, (cell) => (cell === '?' ? 0 : 1));
  }
  if (bits?.length !== neurons) throw new Error(`${file.name}: a cue has ${neurons} bits, and there are ${bits?.length ?? 0}`);
  return { bits, known: known ?? new Uint8Array(neurons).fill(1) };
}
