// The virtual board of the program, as the line of a browser: its pseudo-terminal behind the interface that Web Serial has in the page.

import { spawn } from 'node:child_process';
import { constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { HOPGATE } from './common.js';

/** Opens a pseudo-terminal as a line. */
export function open(path) {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const stream = new ReadStream(fd);
  stream.setRawMode(true);
  const came = [];
  let wake = null;
  let ended = false;
  const end = () => {
    ended = true;
    wake?.();
  };
  stream.on('data', (data) => {
    came.push(new Uint8Array(data));
    wake?.();
  });
  stream.on('end', end).on('close', end).on('error', end);
  return {
    write: async (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        try {
          at += writeSync(fd, bytes, at);
        } catch (error) {
          if (error.code !== 'EAGAIN') throw error;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    },
    read: async () => {
      while (!came.length && !ended) await new Promise((resolve) => (wake = resolve));
      return came.shift() ?? null;
    },
    close: async () => {
      stream.destroy();
    },
  };
}

/** Starts a virtual board in software, calls `use` with the name of its pseudo-terminal, and ends it. */
export async function withBoard(folder, options, use) {
  const child = spawn(HOPGATE, ['board', folder, '--pty', '--level', 'software', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  try {
    const name = await new Promise((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(String(text).trim().split('\n')[0]));
      child.once('exit', (code) => reject(new Error(`the board ended with ${code}: ${said}`)));
    });
    return await use(name);
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.kill('SIGTERM')) await gone;
  }
}
