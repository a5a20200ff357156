/**
 * A recall cycle by cycle: rows are scanned, the nearest of them are queued, and the queue votes, plane by plane.
 *
 * @import { Answer, Memory, Step } from './contract.js'
 *
 * @typedef {object} Moment
 * @property {number} index of the step
 * @property {Step} step
 * @property {'scan' | 'vote' | 'done'} phase
 * @property {number} scanned rows that were scanned
 * @property {number} row the one that is scanned; that of the voter
 * @property {number} votes planes of voters that were added
 * @property {number} voter
 * @property {number} plane
 * @property {number} least of the rows so far
 */

import { vote } from './contract.js';

/** Cycles of a step: a row each, a plane of a voter each, and one for the signs. @param {Memory} memory @param {Step} step */
const cyclesOf = (memory, step) => memory.patterns.length + memory.planes.length * step.queue.length + 1;

/** All cycles of a recall. @param {Memory} memory @param {Answer} answer */
export const cycles = (memory, answer) => answer.all.reduce((sum, step) => sum + cyclesOf(memory, step), 0);

/**
 * What happens in a cycle.
 * @param {Memory} memory
 * @param {Answer} answer
 * @param {number} cycle from 0 on
 * @returns {Moment}
 */
export function moment(memory, answer, cycle) {
  let index = 0;
  let left = cycle;
  while (index + 1 < answer.all.length && left >= cyclesOf(memory, answer.all[index])) left -= cyclesOf(memory, answer.all[index++]);
  const step = answer.all[index];
  const p = memory.patterns.length;
  const k = memory.planes.length;
  const scanned = Math.min(left + 1, p);
  const votes = Math.min(Math.max(left - p + 1, 0), k * step.queue.length);
  const phase = left < p ? 'scan' : left < p + k * step.queue.length ? 'vote' : 'done';
  const voter = Math.max(Math.ceil(votes / k) - 1, 0);
  const least = step.distances.subarray(0, scanned).reduce((a, b) => Math.min(a, b), Infinity);
  return { index, step, phase, scanned, row: phase === 'scan' ? scanned - 1 : (step.queue[voter]?.mu ?? step.nearest), votes, voter, plane: phase === 'vote' ? (votes - 1) % k : k - 1, least };
}

/** The first cycle of the next phase. @param {Memory} memory @param {Answer} answer @param {number} cycle */
export function nextPhase(memory, answer, cycle) {
  const now = moment(memory, answer, cycle);
  const last = cycles(memory, answer) - 1;
  for (let at = cycle + 1; at < last; at++) {
    const then = moment(memory, answer, at);
    if (then.phase !== now.phase || then.index !== now.index) return at;
  }
  return last;
}

/** The sums after so many votes. @param {Memory} memory @param {Moment} now @returns {Float64Array} */
export function sums(memory, now) {
  const field = new Float64Array(memory.outputs);
  for (let v = 0; v < now.votes; v++) vote(memory, now.step.queue[Math.floor(v / memory.planes.length)], v % memory.planes.length, field);
  return field;
}
