// Files of numpy: what it writes, and what is none.

import assert from 'node:assert/strict';
import test from 'node:test';
import { encode, parse, rows } from '../../page/npy.js';

/** A file of numpy with this header and these bytes behind it. */
function file(header, data, version = 1) {
  const text = new TextEncoder().encode(`${header}\n`);
  const size = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...size, ...text, ...data]);
}
const header = (descr, shape, fortran = 'False') => `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

test('types and both orders of bytes', () => {
  assert.deepEqual([...parse(file(header('>u2', '(2,)'), [1, 2, 3, 4]), 'a').data], [0x102, 0x304]);
  assert.deepEqual([...parse(file(header('<u2', '(2,)'), [1, 2, 3, 4]), 'a').data], [0x201, 0x403]);
  assert.deepEqual([...parse(file(header('<i4', '(1,)'), [255, 255, 255, 255]), 'a').data], [-1]);
  assert.deepEqual([...parse(file(header('|b1', '(2,)'), [1, 0], 2), 'a').data], [1, 0]);
  const floats = new Uint8Array(new Float64Array([1, -1]).buffer);
  assert.deepEqual(rows(parse(file(header('<f8', '(1, 2)'), floats), 'a'), 'a'), [Uint8Array.of(1, 0)]);
});

test('what is written is read', () => {
  for (const [shape, data] of [[[2, 3], Uint8Array.of(1, 0, 1, 0, 0, 1)], [[3], Uint32Array.of(0, 7, 2 ** 32 - 1)], [[2], Int32Array.of(-5, 5)]]) {
    const bytes = encode(shape, data);
    assert.equal((bytes.length - data.byteLength) % 64, 0);
    const read = parse(bytes, 'a');
    assert.deepEqual([read.shape, [...read.data]], [shape, [...data]]);
  }
});

test('what is none is refused, with the reason', () => {
  const bad = (bytes, why) => assert.throws(() => parse(bytes, 'x.npy'), why);
  bad(new Uint8Array(0), /^Error: x\.npy: this is no \.npy/);
  bad(file(header('|u1', '(2, 2)', 'True'), [1, 2, 3, 4]), /Fortran/);
  bad(file(header('|u1', '(2, 2)'), [1, 2, 3]), /4 elements, but there are 3/);
  bad(file(header('<c8', '(1,)'), new Array(8).fill(0)), /type c8/);
  bad(file('{}', []), /header is/);
  bad(encode([1], Uint8Array.of(1)).subarray(0, 30), /ends in its header/);
  assert.throws(() => rows(parse(file(header('|u1', '(1, 2)'), [1, 2]), 'x.npy'), 'x.npy'), /holds 2, but bits/);
  assert.throws(() => rows(parse(file(header('|u1', '(1, 1, 1)'), [1]), 'x.npy'), 'x.npy'), /shape \(1, 1, 1\)/);
});
