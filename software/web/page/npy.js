/**
 * Arrays in files of numpy.
 *
 * @typedef {object} Npy
 * @property {number[]} shape
 * @property {string} type as numpy writes it, like `<u4`
 * @property {ArrayLike<number>} data in C order
 */

/** @type {Record<string, [number, (view: DataView, at: number, little: boolean) => number]>} */
const TYPES = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/**
 * Reads a `.npy`.
 * @param {Uint8Array} bytes
 * @param {string} name for messages
 * @returns {Npy}
 */
export function parse(bytes, name) {
  /** @param {string} what @returns {never} */
  const fail = (what) => {
    throw new Error(`${name}: ${what}`);
  };
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY' || bytes[0] !== 0x93) fail('this is no .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6] > 1;
  if (long && bytes.length < 12) fail('the file ends in its header');
  const size = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + size;
  if (start > bytes.length) fail('the file ends in its header');
  const header = new TextDecoder('latin1').decode(bytes.subarray(long ? 12 : 10, start));
  const descr = /'descr': *'([<>|=])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order': *(True|False)/.exec(header);
  const dims = /'shape': *\(([\d, ]*)\)/.exec(header);
  if (!descr || !order || !dims) return fail(`the header is ${header.trim().slice(0, 80)}`);
  const type = TYPES[descr[2]];
  if (!type) return fail(`holds elements of type ${descr[2]}, which is not read here: save it as uint8`);
  const shape = dims[1].split(',').filter((d) => d.trim()).map(Number);
  const count = shape.reduce((product, d) => product * d, 1);
  const [width, get] = type;
  if (bytes.length - start !== count * width) fail(`the header says ${count} elements, but there are ${(bytes.length - start) / width}`);
  if (order[1] === 'True' && shape.length > 1) fail('is in Fortran order: save it with numpy.ascontiguousarray');
  const little = descr[1] !== '>';
  const data = descr[2] === 'u1' || descr[2] === 'b1' ? bytes.slice(start) : Float64Array.from({ length: count }, (_, i) => get(view, start + i * width, little));
  return { shape, type: descr[1] + descr[2], data };
}

/**
 * A `.npy` of bytes, or of 32-bit integers.
 * @param {number[]} shape
 * @param {Uint8Array | Uint32Array | Int32Array} data
 * @returns {Uint8Array}
 */
export function encode(shape, data) {
  const type = data instanceof Uint8Array ? '|u1' : data instanceof Uint32Array ? '<u4' : '<i4';
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  let header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dims}), }`;
  header += ' '.repeat(63 - ((header.length + 10) % 64)) + '\n';
  const out = new Uint8Array(10 + header.length + data.length * data.BYTES_PER_ELEMENT);
  out.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  const view = new DataView(out.buffer, 10 + header.length);
  data.forEach((v, i) => (data instanceof Uint8Array ? view.setUint8(i, v) : view.setUint32(4 * i, v, true)));
  return out;
}

/**
 * Rows of 0 and 1 of an array of two axes, or of one.
 * @param {Npy} array
 * @param {string} name for messages
 * @returns {Uint8Array[]}
 */
export function rows(array, name) {
  const [count, width] = array.shape.length === 1 ? [1, array.shape[0]] : array.shape;
  if (array.shape.length > 2) throw new Error(`${name}: has the shape (${array.shape.join(', ')}), but rows of bits are (Q, N)`);
  return Array.from({ length: count }, (_, r) =>
    Uint8Array.from({ length: width }, (_, i) => {
      const v = array.data[r * width + i];
      if (v !== 0 && v !== 1 && v !== -1) throw new Error(`${name}: holds ${v}, but bits are 0 and 1, or -1 and 1`);
      return v === 1 ? 1 : 0;
    }),
  );
}
