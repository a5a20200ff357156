/** Pictures of bits and numbers on a canvas, in the colours of the page. */

/** A colour of the style sheet. @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Pixels of the side of a cell, so that a picture is neither tiny nor huge. @param {[number, number]} shape @param {number} most */
export const cellOf = ([height, width], most) => Math.max(1, Math.floor(Math.min(most / width, (1.4 * most) / height)));

/** @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
function context(canvas, width, height) {
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  draw.setTransform(scale, 0, 0, scale, 0, 0);
  draw.fillStyle = colour('paper');
  draw.fillRect(0, 0, width, height);
  return draw;
}

/**
 * Bits as a picture: ones dark, what is unknown grey, what differs from `right` red, a frame at the cursor.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} bits
 * @param {[number, number]} shape
 * @param {{cell?: number, known?: Uint8Array | null, right?: Uint8Array | null, cursor?: number | null}} [how]
 */
export function bits(canvas, bits, shape, { cell = cellOf(shape, 110), known = null, right = null, cursor = null } = {}) {
  const [height, width] = shape;
  const draw = context(canvas, width * cell, height * cell);
  const [ink, unknown, wrong, line] = ['ink', 'unknown', 'wrong', 'line'].map(colour);
  const place = (/** @type {number} */ i) => [(i % width) * cell, Math.floor(i / width) * cell];
  for (let i = 0; i < bits.length; i++) {
    const [x, y] = place(i);
    const lost = known !== null && !known[i];
    const off = !lost && right !== null && right[i] !== bits[i];
    if (!lost && !bits[i] && !off) continue;
    draw.fillStyle = lost ? unknown : off ? wrong : ink;
    // a zero that should be a one is a red frame
    if (off && !bits[i] && cell > 3) draw.fillRect(x + cell / 3, y + cell / 3, cell / 3, cell / 3);
    else draw.fillRect(x, y, cell, cell);
  }
  if (cell >= 8) {
    draw.strokeStyle = line;
    draw.lineWidth = 0.5;
    for (let x = 1; x < width; x++) draw.strokeRect(x * cell, 0, 0, height * cell);
    for (let y = 1; y < height; y++) draw.strokeRect(0, y * cell, width * cell, 0);
  }
  if (cursor !== null) {
    const [x, y] = place(cursor);
    draw.strokeStyle = colour('accent');
    draw.lineWidth = 2;
    draw.strokeRect(x + 1, y + 1, Math.max(cell - 2, 1), Math.max(cell - 2, 1));
  }
}

/**
 * Numbers as a picture: blue above zero, orange below, darker with their size.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} field
 * @param {[number, number]} shape
 */
export function sums(canvas, field, shape) {
  const [height, width] = shape;
  const cell = cellOf(shape, 110);
  const draw = context(canvas, width * cell, height * cell);
  let most = 1;
  for (let i = 0; i < field.length; i++) most = Math.max(most, Math.abs(field[i]));
  const [plus, minus] = ['plus', 'minus'].map(colour);
  for (let i = 0; i < field.length; i++) {
    draw.globalAlpha = Math.abs(field[i]) / most;
    draw.fillStyle = field[i] >= 0 ? plus : minus;
    draw.fillRect((i % width) * cell, Math.floor(i / width) * cell, cell, cell);
  }
  draw.globalAlpha = 1;
}

/**
 * Distances of the rows so far, with the least of them and how far a voter may be.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint32Array} all
 * @param {{shown: number, least: number, limit: number | null, current: number | null, most: number}} what
 */
export function distances(canvas, all, { shown, least, limit, current, most }) {
  canvas.style.width = '';
  canvas.style.height = '';
  const { width, height } = canvas.getBoundingClientRect();
  const draw = context(canvas, Math.max(width - 2, 10), Math.max(height - 2, 10));
  canvas.style.width = '';
  canvas.style.height = '';
  const [w, h] = [Math.max(width - 2, 10), Math.max(height - 2, 10)];
  const step = w / all.length;
  const y = (/** @type {number} */ d) => h - 2 - (d / Math.max(most, 1)) * (h - 16);
  const [quiet, accent, wrong] = ['unknown', 'accent', 'wrong'].map(colour);
  for (let mu = 0; mu < shown; mu++) {
    draw.fillStyle = mu === current ? wrong : limit !== null && all[mu] <= limit ? accent : quiet;
    draw.fillRect(mu * step, y(all[mu]), Math.max(step * 0.8, 1), h - y(all[mu]));
  }
  draw.strokeStyle = colour('ink');
  draw.font = '12px system-ui, sans-serif';
  const line = (/** @type {number} */ d, /** @type {string} */ name, /** @type {number[]} */ dashes, /** @type {number} */ side) => {
    draw.setLineDash(dashes);
    draw.beginPath();
    draw.moveTo(0, y(d));
    draw.lineTo(w, y(d));
    draw.stroke();
    // on its own ground, at the left or at the right, so that no two names meet
    const long = draw.measureText(name).width;
    const [left, base] = [side * (w - long - 8) + 2, Math.max(y(d) - 5, 12)];
    draw.fillStyle = colour('paper');
    draw.fillRect(left, base - 12, long + 4, 15);
    draw.fillStyle = colour('ink');
    draw.fillText(name, left + 2, base);
  };
  if (shown > 0) line(least, `least ${least}`, [], 0);
  if (limit !== null && limit !== least && limit < most) line(limit, `reach: up to ${limit} votes`, [4, 4], 1);
}
