/**
 * The playground: a memory, a cue, its answer step by step, teaching, and a board.
 *
 * @import { Memory, Answer } from './contract.js'
 */

import { Board } from './board.js';
import { recall } from './contract.js';
import * as folder from './folder.js';
import { Grid } from './grid.js';
import { forget, store, whyNot } from './learn.js';
import { className, patternName, shapeOf } from './memory.js';
import * as serial from './serial.js';
import { cycles, nextPhase } from './stepper.js';
import { facts, get, sentence, showAnswer, showCycle, showMemory, useMask } from './view.js';

/** @param {string} id @returns {HTMLInputElement} */
const input = (id) => get(id);
/** @param {string} id @param {(event: Event) => void} act @param {string} [on] */
const when = (id, act, on = 'click') => get(id).addEventListener(on, act);
/** The value of a number field, within its limits. @param {string} id */
function number(id) {
  const { value, min, max } = input(id);
  return Math.min(Math.max(Number(value) || 0, min === '' ? -Infinity : Number(min)), max === '' ? Infinity : Number(max));
}

/** @type {Memory} */
let memory;
/** @type {Answer | null} */
let answer = null;
/** @type {Board | null} */
let board = null;
/** What opens each memory of the list. @type {(() => Promise<Memory>)[]} */
let choices = [];
const grid = new Grid(get('grid'), get('cell'), () => /** @type {HTMLInputElement} */ (document.querySelector('input[name=tool]:checked')).value, ask);

/** Says what went wrong, where it is looked for. @param {string} id @param {unknown} error */
function say(id, error) {
  get(id).textContent = error instanceof Error ? error.message : String(error);
}

/** The mask of the cue; null where all bits are known. */
const mask = () => (grid.cue.known.includes(0) ? grid.cue.known : null);

/** Recalls the cue as it is now. */
function ask() {
  useMask(mask()?.slice() ?? null);
  try {
    answer = recall(memory, grid.cue.bits, { known: mask(), clamp: input('clamp').checked, radius: number('radius') });
  } catch (error) {
    answer = null;
    return say('said', error);
  }
  showAnswer(memory, answer);
  input('cycle').max = String(cycles(memory, answer) - 1);
  input('cycle').value = '0';
  showCycle(memory, answer, 0);
}

/** Moves to a cycle. @param {number} cycle */
function go(cycle) {
  if (!answer) return;
  const last = cycles(memory, answer) - 1;
  input('cycle').value = String(Math.min(Math.max(cycle, 0), last));
  showCycle(memory, answer, Number(input('cycle').value));
  if (cycle >= last) play(false);
}

/** @type {number | null} */
let timer = null;
/** Plays the cycles, or stops. @param {boolean} on */
function play(on) {
  if (timer !== null) clearInterval(timer);
  timer = on && answer ? setInterval(() => go(Number(input('cycle').value) + Math.max(1, Math.round(Number(input('cycle').max) / 300))), 40) : null;
  get('play').setAttribute('aria-pressed', String(timer !== null));
  get('play').textContent = timer === null ? 'Play' : 'Stop';
}

/** The pattern that is chosen. */
const chosen = () => Math.min(Math.floor(number('pattern')), memory.patterns.length - 1);

/** Names the pattern that is chosen. */
function namePattern() {
  get('pattern-name').textContent = memory.patterns.length ? patternName(memory, chosen()) : 'the memory holds no pattern';
}

/** Makes these bits the cue. @param {Uint8Array} bits @param {Uint8Array} [known] */
function use(bits, known = new Uint8Array(bits.length).fill(1)) {
  grid.show({ bits: Uint8Array.from(bits), known: Uint8Array.from(known) }, shapeOf(memory));
  ask();
}

/** Shows what the memory is now. */
function update() {
  showMemory(memory);
  input('pattern').max = String(Math.max(memory.patterns.length - 1, 0));
  namePattern();
  const reason = whyNot(memory);
  get('learns').textContent = reason ? `This memory does not learn: ${reason}.` : 'A memory that learns takes a pattern without training. Nothing is saved.';
  get('lesson').toggleAttribute('hidden', reason !== null);
  get('class-label').toggleAttribute('hidden', memory.kind !== 'class');
}

/** Takes another memory. @param {Memory} other */
function begin(other) {
  memory = other;
  play(false);
  input('pattern').value = '0';
  input('radius').max = String(memory.neurons);
  input('radius').value = String(memory.radius);
  get('clamp-label').toggleAttribute('hidden', memory.kind !== 'auto');
  input('clamp').checked = false;
  const classes = memory.kind === 'class' ? Array.from({ length: memory.outputs }, (_, c) => new Option(className(memory, c), String(c))) : [];
  get('class').replaceChildren(...classes);
  get('verdict').textContent = '';
  update();
  // a cue that is something to look at: every ninth bit of the first pattern is flipped
  use(memory.patterns[0].map((bit, i) => (i % 9 === 4 ? 1 - bit : bit)));
}

/** Opens a memory, or says why not. @param {() => Promise<Memory>} from */
async function open(from) {
  get('status').textContent = 'opening the memory';
  try {
    begin(await from());
    get('status').textContent = '';
  } catch (error) {
    say('status', error);
  }
}

/** Each bit with the probability of the field. @param {(i: number) => void} act */
function some(act) {
  const p = number('noise');
  const draws = crypto.getRandomValues(new Uint32Array(grid.cue.bits.length));
  draws.forEach((draw, i) => {
    if (draw / 2 ** 32 < p) act(i);
  });
  use(grid.cue.bits, grid.cue.known);
}

/** Forgets a bit of the cue. @param {number} i */
function lose(i) {
  grid.cue.known[i] = 0;
  grid.cue.bits[i] = 0;
}

/** Whether a place is in the part that is chosen. @param {number} i */
function inPart(i) {
  const [height, width] = shapeOf(memory);
  const [x, y] = [i % width, Math.floor(i / width)];
  return { left: x < width / 2, right: x >= width / 2, top: y < height / 2, bottom: y >= height / 2 }[input('part').value];
}

when('take', () => memory.patterns.length && use(memory.patterns[chosen()]));
when('pattern', () => {
  namePattern();
  if (memory.patterns.length) use(memory.patterns[chosen()]);
}, 'change');
when('flip', () => some((i) => grid.cue.known[i] && (grid.cue.bits[i] ^= 1)));
when('lose', () => some(lose));
when('erase', () => {
  grid.cue.bits.forEach((_, i) => inPart(i) && lose(i));
  use(grid.cue.bits, grid.cue.known);
});
when('all-known', () => use(grid.cue.bits));
when('clear', () => use(new Uint8Array(memory.neurons)));
when('radius', ask, 'change');
when('clamp', ask, 'change');
when('file', async () => {
  const file = input('file').files?.[0];
  if (!file) return;
  try {
    const { bits, known } = await folder.cue(file, memory.neurons);
    use(bits, known);
  } catch (error) {
    say('said', error);
  }
  input('file').value = '';
}, 'change');
when('folder', () => {
  const files = [...(input('folder').files ?? [])];
  if (files.length) open(() => folder.chosen(files));
  input('folder').value = '';
}, 'change');
when('which', () => open(choices[Number(input('which').value)]), 'change');

when('cycle', () => answer && showCycle(memory, answer, Number(input('cycle').value)), 'input');
when('back', () => go(Number(input('cycle').value) - 1));
when('on', () => go(Number(input('cycle').value) + 1));
when('phase', () => answer && go(nextPhase(memory, answer, Number(input('cycle').value))));
when('play', () => play(timer === null));

when('store', () => {
  try {
    const { verdict, pattern } = store(memory, grid.cue.bits, memory.kind === 'class' ? Number(input('class').value) : null);
    get('verdict').textContent = verdict === 'stored' ? `Stored as pattern ${pattern}.` : `Known already: ${patternName(memory, pattern)} is near enough.`;
    update();
    ask();
  } catch (error) {
    say('verdict', error);
  }
});
when('forget', () => {
  try {
    const mu = chosen();
    if (memory.patterns.length < 2) throw new Error('the last pattern stays: without one there is nothing to answer with');
    forget(memory, mu);
    get('verdict').textContent = `Forgot pattern ${mu}: ${mu < memory.patterns.length ? 'the last one took its place' : 'it was the last one'}.`;
    update();
    ask();
  } catch (error) {
    say('verdict', error);
  }
});

/** Shows whether there is a board, and what it is. */
function showBoard() {
  for (const id of ['ask', 'disconnect']) get(id).toggleAttribute('disabled', board === null);
  get('connect').toggleAttribute('disabled', board !== null || !serial.available());
  get('board-store').toggleAttribute('disabled', !board?.info.room.learns);
  const info = board?.info;
  facts('board-facts', info ? [
    ['made by hopgate', info.release],
    ['answers', `${info.kind}, ${info.patterns} patterns of ${info.neurons} bits`],
    ['takes', [info.room.masks ? 'masks' : 'no masks', info.room.learns ? 'lessons' : 'no lessons'].join(', ')],
    ['memory', `${info.sha256}${info.changed ? ', changed since' : info.sha256 === memory.sha256 ? ', the one of this page' : ', another one than that of this page'}`],
  ] : []);
}

/** Does something with the board; what fails is said. @param {(board: Board) => Promise<string>} act */
async function withBoard(act) {
  if (!board) return;
  try {
    get('board-said').textContent = await act(board);
  } catch (error) {
    say('board-said', error);
  }
  showBoard();
}

when('connect', async () => {
  const baud = number('baud');
  try {
    board = await Board.connect(await serial.open(baud), { baud });
    get('board-said').textContent = 'Connected.';
    showBoard();
  } catch (error) {
    say('board-said', error);
  }
});
when('ask', () => withBoard(async (it) => {
  const said = await it.recall(grid.cue.bits, mask());
  const same = answer !== null && it.info.sha256 === memory.sha256 && !it.info.changed && it.info.radius === number('radius') && !input('clamp').checked;
  const equal = answer !== null && said.steps === answer.steps && said.nearest === answer.nearest && said.distance === answer.distance && said.known === answer.known
    && (said.state ?? []).every((bit, i) => bit === answer?.state?.[i]) && said.ranking?.class === answer.ranking?.class && said.ranking?.score === answer.ranking?.score;
  const beside = same ? (equal ? ' Equal to the answer of this page.' : ' NOT equal to the answer of this page.') : '';
  return `The board: ${sentence(memory, said)}${beside}`;
}));
when('board-store', () => withBoard(async (it) => {
  const { verdict, pattern } = await it.store(grid.cue.bits, it.info.kind === 'class' ? Number(input('class').value) : null);
  return verdict === 'full' ? 'The board is full.' : `The board ${verdict === 'stored' ? `stored it as pattern ${pattern}` : `knows it: pattern ${pattern}`}.`;
}));
when('disconnect', async () => {
  await board?.close();
  board = null;
  get('board-said').textContent = '';
  showBoard();
});

for (const on of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(on, (event) => {
    event.preventDefault();
    document.body.classList.toggle('dropping', on === 'dragover');
  });
}
document.addEventListener('drop', (event) => {
  const transfer = /** @type {DragEvent} */ (event).dataTransfer;
  if (transfer) open(async () => folder.chosen(await folder.dropped(transfer)));
});
/** Draws everything again: another width, or other colours. */
function again() {
  if (!memory) return;
  grid.draw();
  if (!answer) return;
  showAnswer(memory, answer);
  showCycle(memory, answer, Number(input('cycle').value));
}
addEventListener('resize', again);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);

/** What is served with the page, then what comes with it. */
async function start() {
  const here = await folder.offered();
  const built = await folder.builtIn();
  choices = [...(here ? [() => folder.served(here.memory)] : []), ...built.map(({ file }) => () => folder.open(file))];
  const names = [...(here ? [here.name] : []), ...built.map(({ name }) => name)];
  get('which').replaceChildren(...names.map((name, i) => new Option(name, String(i))));
  await open(choices[0]);
  if (!serial.available()) get('serial').textContent = 'This browser has no Web Serial, so that the page cannot ask a board: Chromium and Edge have it.';
  showBoard();
}
start().catch((error) => say('status', error));
