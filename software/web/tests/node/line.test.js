// A line at its worst, by a board that answers as it is told to.

import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, encode } from '../../page/frame.js';
import { BoardError, Line } from '../../page/line.js';
import { Code, ERROR, READ, REPLY } from '../../page/wire.js';

/** A reply as it goes over the line. */
const reply = (kind, sequence, body, version = 1) => encode(kind | REPLY, version, sequence, body);

/** A line whose far end answers the n-th request by the n-th of these: a function of the request to what is sent, with when. */
function told(answers) {
  const came = [];
  let wake = null;
  const seen = [];
  const send = (bytes) => {
    came.push(bytes);
    wake?.();
  };
  return {
    seen,
    write: async (bytes) => {
      const request = bytes.length > 1 ? decode([...bytes.slice(0, -1)]) : null;
      if (!request) return;
      seen.push(request);
      const answer = answers[Math.min(seen.length, answers.length) - 1];
      for (const [after, sent] of answer(request, seen)) setTimeout(() => send(sent), after);
    },
    read: async () => {
      while (!came.length) await new Promise((resolve) => (wake = resolve));
      return came.shift();
    },
    close: async () => undefined,
  };
}

const line = (answers, more = {}) => {
  const transport = told(answers);
  return { transport, line: new Line(transport, { timeout: 40, tries: 4, ...more }) };
};
const good = (request) => [[0, reply(READ, request.sequence, [7])]];

test('an error of a damaged line is no refusal: the request is sent again', async () => {
  for (const code of [Code.CRC, Code.FRAME, Code.TOO_LONG]) {
    for (const number of [(r) => r.sequence, () => 0]) {
      const { transport, line: it } = line([(r) => [[0, reply(ERROR, number(r), [code, 0])]], good]);
      assert.deepEqual(await it.ask(READ, [0, 0, 1], 1), [7]);
      assert.equal(transport.seen.length, 2);
      assert.notEqual(transport.seen[0].sequence, transport.seen[1].sequence);
    }
  }
});

test('a refusal is one, and says what it is', async () => {
  const { transport, line: it } = line([(r) => [[0, reply(ERROR, r.sequence, [Code.RANGE, 3])]]]);
  await assert.rejects(it.ask(READ, [0, 0, 1], 1), (error) => error instanceof BoardError && error.code === Code.RANGE && /RANGE, 3/.test(error.message));
  assert.equal(transport.seen.length, 1);
});

test('a reply that comes too late is passed over, once', async () => {
  // the first reply comes after the second request, and before its reply
  const late = [() => [], (r, seen) => [[0, reply(READ, seen[0].sequence, [1])], [5, reply(READ, r.sequence, [2])]]];
  const { line: it } = line(late);
  assert.deepEqual(await it.ask(READ, [0, 0, 1], 1), [2]);
  // a second time it is somebody else's
  const twice = [() => [], (r, seen) => [[0, reply(READ, seen[0].sequence, [1])], [2, reply(READ, seen[0].sequence, [1])], [20, reply(READ, r.sequence, [2])]]];
  await assert.rejects(line(twice).line.ask(READ, [0, 0, 1], 1), /another program/);
});

test('a reply of another kind or length is none of this board', async () => {
  await assert.rejects(line([(r) => [[0, reply(READ, r.sequence, [1, 2])]]]).line.ask(READ, [0, 0, 1], 1), /another program|no hopgate board/);
  await assert.rejects(line([(r) => [[0, reply(READ + 1, r.sequence, [1])]]]).line.ask(READ, [0, 0, 1], 1), /another program|no hopgate board/);
});

test('the version is that of the board', async () => {
  const speaks = (version) => (r) => (r.version === version ? [[0, reply(READ, r.sequence, [7], version)]] : [[0, reply(ERROR, r.sequence, [Code.VERSION, version], version)]]);
  const { transport, line: it } = line([speaks(2)]);
  assert.deepEqual(await it.ask(READ, [0, 0, 1], 1), [7]);
  assert.deepEqual(transport.seen.map((r) => r.version), [1, 2]);
  await assert.rejects(line([speaks(3)]).line.ask(READ, [0, 0, 1], 1), /VERSION, 3/);
});

test('what is no frame, and noise before one, is passed over', async () => {
  const { line: it } = line([(r) => [[0, Uint8Array.of(0, 5, 9, 0, 1, 2, 0)], [1, reply(READ, r.sequence, [7])]]]);
  assert.deepEqual(await it.ask(READ, [0, 0, 1], 1), [7]);
});
