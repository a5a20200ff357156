/**
 * A serial port of this machine, by Web Serial: a browser that has it asks which one.
 *
 * @import { Transport } from './line.js'
 */

/** Whether this browser has Web Serial. */
export const available = () => 'serial' in navigator;

/**
 * Opens a port that the user chooses.
 * @param {number} baudRate
 * @returns {Promise<Transport>}
 */
export async function open(baudRate) {
  const port = await /** @type {any} */ (navigator).serial.requestPort();
  await port.open({ baudRate, bufferSize: 16384 });
  const reader = port.readable.getReader();
  const writer = port.writable.getWriter();
  return {
    write: (bytes) => writer.write(bytes),
    read: async () => {
      const { value, done } = await reader.read();
      return done ? null : value;
    },
    close: async () => {
      await reader.cancel().catch(() => undefined);
      reader.releaseLock();
      writer.releaseLock();
      await port.close();
    },
  };
}
