/**
 * Memory folders: what docs/src/reference/formats.md says of them.
 *
 * @import { Memory } from './contract.js'
 */

import { parse } from './npy.js';

/** The files of a folder that are needed. */
export const NEEDED = ['manifest.json', 'patterns.npy', 'planes.npy', 'kernel.npy', 'offset.npy'];
/** Those that may be there. */
export const OPTIONAL = ['labels.json', 'classes.json'];

const KINDS = ['auto', 'map', 'class', 'sequence'];

/** @param {Uint8Array} bytes @param {string} name */
function json(bytes, name) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`${name}: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {string} name @param {unknown} ok @param {string} what */
function must(name, ok, what) {
  if (!ok) throw new Error(`${name}: ${what}`);
}

/** @param {Uint8Array} data @param {number} from @param {number} count @param {number} width */
const split = (data, from, count, width) => Array.from({ length: count }, (_, r) => data.subarray(from + r * width, from + (r + 1) * width));

/**
 * The hash that identifies a memory, in hexadecimal digits; null where the page may not hash (it was not loaded by https or from this machine).
 * @param {Memory} memory
 * @param {number} version of its manifest
 */
export async function hash(memory, version) {
  if (!globalThis.crypto?.subtle) return null;
  const words = [...memory.kernel, memory.offset].map((column) => {
    const view = new DataView(new ArrayBuffer(4 * column.length));
    column.forEach((v, i) => view.setUint32(4 * i, v, true));
    return new Uint8Array(view.buffer);
  });
  const radius = new Uint8Array(4);
  new DataView(radius.buffer).setUint32(0, memory.radius, true);
  const more = version === 2 ? [new TextEncoder().encode(memory.kind), radius] : [];
  const all = new Uint8Array(await new Blob(/** @type {BlobPart[]} */ ([...memory.patterns, ...memory.planes.flat(), ...words, ...more])).arrayBuffer());
  const digest = await crypto.subtle.digest('SHA-256', all);
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/**
 * A memory of the files of its folder. Every shape and value is checked, and the hash.
 * @param {Map<string, Uint8Array>} files by their names
 * @returns {Promise<Memory>}
 */
export async function fromFiles(files) {
  const missing = NEEDED.filter((name) => !files.has(name));
  if (missing.length) throw new Error(`this is no memory folder: ${missing.join(', ')} missing (hopgate quantize and hopgate memory make one)`);
  const get = (/** @type {string} */ name) => /** @type {Uint8Array} */ (files.get(name));
  const m = json(get('manifest.json'), 'manifest.json');
  must('manifest.json', m.format === 'hopgate-memory', 'is not the manifest of a memory');
  must('manifest.json', m.version === 1 || m.version === 2, `is of version ${m.version}, and this page reads 1 and 2`);
  const { neurons: n, patterns: p, planes: k } = m;
  const kind = m.version === 2 ? m.kind : 'auto';
  const outputs = m.version === 2 ? m.outputs : n;
  const radius = m.version === 2 ? m.radius : n;
  const whole = (/** @type {unknown} */ v, /** @type {number} */ low, /** @type {number} */ high) => Number.isInteger(v) && Number(v) >= low && Number(v) <= high;
  must('manifest.json', KINDS.includes(kind), `the kind is ${kind}`);
  must('manifest.json', whole(n, 1, 16384) && whole(p, 1, 2 ** 24) && whole(k, 1, 16) && whole(m.kernel_bits, 4, 16), 'a size is out of range');
  must('manifest.json', kind === 'auto' || kind === 'sequence' ? outputs === n : whole(outputs, kind === 'class' ? 2 : 1, 1024), `there are ${outputs} outputs`);
  must('manifest.json', whole(radius, 0, n) && whole(m.max_steps, 1, 255), 'radius or max_steps is out of range');
  must('manifest.json', m.kernel_mode === 'normalised' || m.kernel_mode === 'fixed', `the kernel mode is ${m.kernel_mode}`);
  const array = (/** @type {string} */ name, /** @type {number[]} */ shape) => {
    const read = parse(get(name), name);
    must(name, read.shape.join() === shape.join(), `has the shape (${read.shape.join(', ')}), but should have (${shape.join(', ')})`);
    return read.data;
  };
  const bits = (/** @type {string} */ name, /** @type {number[]} */ shape) => {
    const data = Uint8Array.from(array(name, shape));
    must(name, data.every((v) => v <= 1), 'holds something else than 0 and 1');
    return data;
  };
  const patterns = bits('patterns.npy', [p, n]);
  const planes = bits('planes.npy', [k, p, outputs]);
  const kernel = Uint32Array.from(array('kernel.npy', [k, n + 1]));
  const offset = Int32Array.from(array('offset.npy', [n + 1]));
  must('kernel.npy', kernel.every((w) => w < 2 ** m.kernel_bits), `holds an entry that is not below 2^${m.kernel_bits}`);
  const names = (/** @type {string} */ name, /** @type {number} */ count) => {
    const list = files.has(name) ? json(get(name), name) : null;
    must(name, list === null || (Array.isArray(list) && list.length === count && list.every((one) => typeof one === 'string')), `must be a list of ${count} texts`);
    return list;
  };
  const columns = Array.from({ length: k }, (_, j) => kernel.slice(j * (n + 1), (j + 1) * (n + 1)));
  // where quantize writes it, and where memory does
  const shape = m.info?.model?.shape ?? m.info?.shape;
  /** @type {Memory} */
  const memory = {
    kind,
    neurons: n,
    outputs,
    maxSteps: m.max_steps,
    radius,
    mode: m.kernel_mode,
    kernelBits: m.kernel_bits,
    reach: offset.reduce((reach, o, e) => (o !== 0 || columns.some((column) => column[e] !== 0) ? e : reach), 0),
    patterns: split(patterns, 0, p, n),
    planes: Array.from({ length: k }, (_, j) => split(planes, j * p * outputs, p, outputs)),
    kernel: columns,
    offset,
    labels: names('labels.json', p),
    classes: kind === 'class' ? names('classes.json', outputs) : null,
    shape: Array.isArray(shape) && shape.length === 2 && shape[0] * shape[1] === n ? [shape[0], shape[1]] : null,
    sha256: m.sha256,
  };
  const found = await hash(memory, m.version);
  must('manifest.json', found === null || found === m.sha256, `says that the hash is ${m.sha256}, but it is ${found}: a file was damaged or exchanged`);
  return memory;
}

/**
 * Height and width of pictures of the patterns: as they were, or nearly square.
 * @param {Memory} memory
 * @returns {[number, number]}
 */
export function shapeOf(memory) {
  if (memory.shape) return memory.shape;
  const width = Math.ceil(Math.sqrt(memory.neurons));
  return [Math.ceil(memory.neurons / width), width];
}

/** The name of a pattern. @param {Memory} memory @param {number} mu */
export const patternName = (memory, mu) => (memory.labels?.[mu] ? `${mu}: ${memory.labels[mu]}` : `pattern ${mu}`);

/** The name of a class. @param {Memory} memory @param {number} c */
export const className = (memory, c) => memory.classes?.[c] ?? String(c);
