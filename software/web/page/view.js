/**
 * What the page shows of a memory, an answer and a moment of a recall.
 *
 * @import { Answer, Memory } from './contract.js'
 * @import { Said } from './board.js'
 */

import { ranking } from './contract.js';
import * as draw from './draw.js';
import { className, patternName, shapeOf } from './memory.js';
import { moment, sums } from './stepper.js';

/** @template {HTMLElement} T @param {string} id @returns {T} */
export const get = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {string} id @returns {HTMLCanvasElement} */
const canvas = (id) => get(id);

/** Entries of the queue that are listed, at most. */
const LISTED = 12;

/** An element with a text. @param {string} tag @param {string} text */
function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** Names and facts in a list. @param {string} id @param {[string, string][]} pairs */
export function facts(id, pairs) {
  get(id).replaceChildren(...pairs.flatMap(([name, fact]) => [element('dt', name), element('dd', fact)]));
}

/** What a memory is. @param {Memory} memory */
export function showMemory(memory) {
  const apart = memory.kind === 'map' || memory.kind === 'class';
  facts('facts', [
    ['kind', memory.kind],
    ['patterns', `${memory.patterns.length} of ${memory.neurons} bits`],
    ...(apart ? /** @type {[string, string][]} */ ([[memory.kind === 'class' ? 'classes' : 'bits of a value', String(memory.outputs)]]) : []),
    ['planes', `${memory.planes.length}, of ${memory.kernelBits}-bit weights`],
    ['kernel', `${memory.mode}, reach ${memory.reach}`],
    ['SHA-256', memory.sha256 ?? 'changed since it was opened'],
  ]);
}

/** The shape of what a memory answers with. @param {Memory} memory @returns {[number, number]} */
function outputShape(memory) {
  if (memory.kind === 'auto' || memory.kind === 'sequence') return shapeOf(memory);
  const width = Math.min(memory.outputs, 32);
  return [Math.ceil(memory.outputs / width), width];
}

/** An answer in a sentence. @param {Memory} memory @param {Answer | Said} answer */
export function sentence(memory, answer) {
  const steps = `${answer.steps} ${answer.steps === 1 ? 'step' : 'steps'}`;
  const how = answer.converged ? '' : ', not converged';
  const near = `nearest is ${patternName(memory, answer.nearest)}, ${answer.distance} bits away`;
  const unknown = answer.known ? '' : ' The answer is unknown: that is beyond the radius.';
  const best = answer.ranking;
  const what = best ? `Class ${className(memory, best.class)}, score ${best.score}, ${best.margin} more than ${className(memory, best.second)}; ` : '';
  return `${what}${steps}${how}; ${near}.${unknown}`;
}

/** An answer with its pictures, and the scores of classes. @param {Memory} memory @param {Answer} answer */
export function showAnswer(memory, answer) {
  get('said').textContent = sentence(memory, answer);
  const stored = memory.patterns[answer.nearest];
  const apart = memory.kind === 'map' || memory.kind === 'class';
  get('final').parentElement?.toggleAttribute('hidden', answer.state === null);
  if (answer.state) draw.bits(canvas('final'), answer.state, outputShape(memory), { right: memory.kind === 'auto' ? stored : null });
  get('final-name').textContent = apart ? 'value' : memory.kind === 'sequence' ? `state after step ${answer.steps}` : 'answer; red is unlike the nearest';
  draw.bits(canvas('nearest'), stored, shapeOf(memory));
  get('nearest-name').textContent = `nearest: ${patternName(memory, answer.nearest)}`;
  get('classes').replaceChildren(...(answer.ranking ? scores(memory, answer.field) : []));
}

/** Bars of scores, the best first. @param {Memory} memory @param {Float64Array} field */
function scores(memory, field) {
  const order = Array.from(field.keys()).sort((a, b) => field[b] - field[a] || a - b);
  const [low, high] = [Math.min(...field), Math.max(...field)];
  const best = ranking(field).class;
  return order.slice(0, 20).map((c) => {
    const row = document.createElement('div');
    row.className = c === best ? 'score first' : 'score';
    const meter = document.createElement('meter');
    meter.value = high > low ? (field[c] - low) / (high - low) : 1;
    meter.setAttribute('aria-label', `score of ${className(memory, c)}`);
    row.append(element('span', className(memory, c)), meter, element('span', String(field[c])));
    return row;
  });
}

/**
 * A cycle of a recall.
 * @param {Memory} memory
 * @param {Answer} answer
 * @param {number} cycle
 */
export function showCycle(memory, answer, cycle) {
  const now = moment(memory, answer, cycle);
  const { step, phase, scanned, row } = now;
  const [p, k] = [memory.patterns.length, memory.planes.length];
  const known = now.index === 0 ? get('grid').dataset.partly === 'true' : false;
  const name = `Step ${now.index + 1} of ${answer.steps}`;
  const voter = step.queue[now.voter];
  const field = sums(memory, now);
  const entry = memory.mode === 'normalised' ? ', e = distance less the least' : ', e = distance';
  get('phase-text').textContent = {
    scan: `${name}, scan: row ${row + 1} of ${p}, distance ${step.distances[row]}${known ? ' over the known bits' : ''}; the least so far is ${now.least}.`,
    vote: voter ? `${name}, vote: ${patternName(memory, voter.mu)} in plane ${now.plane + 1} of ${k}, weight ${memory.kernel[now.plane][voter.e]}${entry}.` : '',
    done: `${name}, done: ${step.queue.length} of ${p} patterns voted${memory.kind === 'class' ? '; the greatest sum is the class' : ''}.`,
  }[phase];
  const whole = phase !== 'scan';
  const limit = whole ? (memory.mode === 'normalised' ? step.distance : 0) + memory.reach : null;
  const most = step.distances.reduce((a, b) => Math.max(a, b), 0);
  draw.distances(canvas('distances'), step.distances, { shown: scanned, least: now.least, limit, current: whole ? (phase === 'vote' ? row : null) : row, most });
  const shape = shapeOf(memory);
  draw.bits(canvas('state'), step.from, shape, { known: known ? partly : null });
  draw.bits(canvas('row'), memory.patterns[row], shape, { right: step.from, known: known ? partly : null });
  get('row-name').textContent = `${phase === 'scan' ? 'row' : phase === 'vote' ? 'voter' : 'last voter'} ${patternName(memory, row)}; red differs`;
  draw.sums(canvas('field'), field, outputShape(memory));
  get('field-name').textContent = `sums after ${now.votes} of ${k * step.queue.length} votes`;
  // before the first vote there is nothing to have a sign
  const signs = Uint8Array.from(field, (h) => (h >= 0 ? 1 : 0));
  draw.bits(canvas('next'), signs, outputShape(memory), { known: now.votes ? null : new Uint8Array(memory.outputs) });
  showQueue(memory, now);
}

/** The mask of the first step. @type {Uint8Array | null} */
let partly = null;
/** @param {Uint8Array | null} known */
export function useMask(known) {
  partly = known;
  get('grid').dataset.partly = String(known !== null);
}

/** Who votes; during the scan nobody is known to. @param {Memory} memory @param {import('./stepper.js').Moment} now */
function showQueue(memory, now) {
  const all = now.phase === 'scan' ? [] : now.step.queue;
  // the current voter is among those that are listed
  const from = Math.max(0, Math.min(now.voter - LISTED + 3, all.length - LISTED));
  const part = all.slice(from, from + LISTED);
  const more = all.length > LISTED ? `, of which ${from + 1} to ${from + part.length} are shown` : '';
  get('queue-title').textContent = now.phase === 'scan' ? 'Queue: filled when the least distance is known' : `Queue: ${all.length} patterns${more}`;
  const rows = part.map((v, i) => {
    const row = document.createElement('tr');
    if (now.phase === 'vote' && from + i === now.voter) row.setAttribute('aria-current', 'step');
    const head = element('th', patternName(memory, v.mu));
    head.setAttribute('scope', 'row');
    const weights = memory.kernel.map((column) => column[v.e]).join(', ') + (memory.offset[v.e] ? `, offset ${memory.offset[v.e]}` : '');
    row.append(head, element('td', String(v.distance)), element('td', String(v.e)), element('td', weights));
    return row;
  });
  get('queue').replaceChildren(...rows);
}
