/** The cue to draw on: by the mouse, by touch, and by the keyboard. */

import * as draw from './draw.js';

/**
 * @typedef {object} Cue
 * @property {Uint8Array} bits
 * @property {Uint8Array} known
 */

/** A canvas whose cells are bits of a cue. */
export class Grid {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} where says which cell the cursor is on
   * @param {() => string} tool `flip`, `one`, `zero` or `erase`
   * @param {() => void} changed
   */
  constructor(canvas, where, tool, changed) {
    this.canvas = canvas;
    this.where = where;
    this.tool = tool;
    this.changed = changed;
    /** @type {Cue} */
    this.cue = { bits: new Uint8Array(1), known: new Uint8Array(1) };
    /** @type {[number, number]} */
    this.shape = [1, 1];
    this.cursor = 0;
    this.focused = false;
    /** What a drag makes of the cells that it passes. @type {number | null} */
    this.paint = null;
    canvas.addEventListener('pointerdown', (event) => this.press(event));
    canvas.addEventListener('pointermove', (event) => this.drag(event));
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => (this.paint = null));
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('focus', () => this.focus(canvas.matches(':focus-visible')));
    canvas.addEventListener('blur', () => this.focus(false));
  }

  /** Shows another cue. @param {Cue} cue @param {[number, number]} shape */
  show(cue, shape) {
    this.cue = cue;
    this.shape = shape;
    this.cursor = Math.min(this.cursor, cue.bits.length - 1);
    this.canvas.setAttribute('aria-label', `Cue: ${shape[0]} rows of ${shape[1]} bits`);
    this.draw();
  }

  /** Draws it again. */
  draw() {
    const room = Math.max(Math.min(this.canvas.parentElement?.clientWidth ?? 300, 360) - 30, 100);
    this.cell = Math.max(1, Math.floor(Math.min(room / this.shape[1], 420 / this.shape[0])));
    draw.bits(this.canvas, this.cue.bits, this.shape, { cell: this.cell, known: this.cue.known, cursor: this.focused ? this.cursor : null });
  }

  /** @param {boolean} focused */
  focus(focused) {
    this.focused = focused;
    this.draw();
    this.where.textContent = focused ? this.text() : '';
  }

  /** The cell in words. */
  text() {
    const [row, column] = [Math.floor(this.cursor / this.shape[1]), this.cursor % this.shape[1]];
    const what = this.cue.known[this.cursor] ? ['zero', 'one'][this.cue.bits[this.cursor]] : 'unknown';
    return `row ${row + 1}, column ${column + 1}: ${what}`;
  }

  /** Uses the tool on a cell. @param {number} i */
  use(i) {
    const { bits, known } = this.cue;
    const tool = this.tool();
    if (tool === 'erase') {
      this.paint ??= 1 - known[i];
      known[i] = this.paint;
      // what is not known is taken as zero
      if (!known[i]) bits[i] = 0;
    } else {
      this.paint ??= tool === 'flip' ? 1 - (known[i] ? bits[i] : 0) : Number(tool === 'one');
      bits[i] = this.paint;
      known[i] = 1;
    }
    this.draw();
    this.changed();
  }

  /** The cell under the pointer. @param {PointerEvent} event @returns {number | null} */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const cell = this.cell ?? 1;
    const [x, y] = [Math.floor((event.clientX - box.left - 1) / cell), Math.floor((event.clientY - box.top - 1) / cell)];
    const i = y * this.shape[1] + x;
    return x >= 0 && x < this.shape[1] && y >= 0 && i < this.cue.bits.length ? i : null;
  }

  /** @param {PointerEvent} event */
  press(event) {
    const i = this.at(event);
    if (i === null) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.paint = null;
    this.cursor = i;
    this.use(i);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const i = this.at(event);
    if (this.paint === null || i === null || i === this.cursor) return;
    this.cursor = i;
    this.use(i);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [, width] = this.shape;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width }[event.key];
    if (by !== undefined) {
      const to = this.cursor + by;
      if (to >= 0 && to < this.cue.bits.length) this.cursor = to;
    } else if (event.key === ' ' || event.key === 'Enter') {
      this.paint = null;
      this.use(this.cursor);
      this.paint = null;
    } else {
      return;
    }
    event.preventDefault();
    this.focused = true;
    this.draw();
    this.where.textContent = this.text();
  }
}
