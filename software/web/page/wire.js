// The protocol's numbers. This file is made from software/wire: its test `javascript` says how.

// a header: version, reply, kinds; an error's kind is 0
export const VERSION = 1;
export const WIDE_VERSION = 2;
export const REPLY = 128;
export const ERROR = 0;

// kinds
export const READ = 1;
export const WRITE = 2;
export const RECALL = 3;
export const SELFTEST = 4;
export const MASKED = 5;
export const STORE = 6;
export const FORGET = 7;
export const FIND = 8;
export const LEARN = 9;

// regions; a bank's number is in the high byte of that of its rows
export const PAGE = 0;
export const KERNEL = 1;
export const THRESHOLD = 2;
export const ROWS = 3;
export const VALUES = 4;

// words of a frame besides its body: a header, and the CRC
export const CRC_WORDS = 2;

// the page
export const MAGIC = 18248;
export const BEGIN = 96;
export const COMMIT = 97;
export const PAGE_WORDS = 256;
export const SEVERAL = 4;
export const MOST_COUNTED_STEPS = 31;

// words of what is said of a class, and behind every answer; in the first of those: it converged, it is unknown, it is uncertain; of a STORE the key is near, was stored, or there is no room; and all of them
export const CLASS_WORDS = 6;
export const INFO_WORDS = 3;
export const ANY_CLASS = 65535;
export const CONVERGED = 32768;
export const UNKNOWN = 16384;
export const UNCERTAIN = 8192;
export const NEAR = 4096;
export const STORED = 2048;
export const FULL = 1024;
export const STATUS = 64512;
export const FOUND_UNKNOWN = 32768;
export const FOUND_WORDS = 2;

// what a board answers with, in the order of their numbers
export const KINDS = ['auto', 'map', 'class', 'sequence'];

/** Where each number of what a board is stands on its page. */
export const Word = {
  MAGIC: 0,
  VERSION: 1,
  NEURONS: 2,
  LANES: 3,
  PATTERNS: 4,
  PLANES: 5,
  BANKS: 6,
  FOLD: 7,
  FLAGS: 8,
  KERNEL_BITS: 9,
  ACCUMULATOR_BITS: 10,
  STRIDE: 11,
  DEPTH: 12,
  GROUPS: 13,
  WINDOW: 14,
  THRESHOLD_BITS: 15,
  CLOCK: 16,
  BAUD: 18,
  LATENCY: 20,
  KIND: 21,
  OUTPUTS: 22,
  VALUE_ROWS: 23,
  BUILT_IN: 24,
  RELEASE: 40,
  BEATS: 48,
  RANKS: 49,
  KINDS: 50,
};

/** The bits of the word of flags. */
export const Flag = {
  NEAREST: 0,
  FIXED: 1,
  SHARED_TOP: 2,
  THRESHOLD: 3,
  SELF_TEST: 4,
  EMPTY: 5,
  RADIUS: 6,
  MASKS: 7,
  LEARN: 8,
  FIND: 9,
  AUTO_STORE: 10,
};

/** Where each number of what a board holds stands on its page. */
export const Held = {
  FIRST: 64,
  LAST_GROUP: 64,
  LAST_BANK: 65,
  ENTRIES: 66,
  MAX_STEPS: 67,
  FIXED_MODE: 68,
  KIND_SHIFT: 8,
  NEURONS: 69,
  PATTERNS: 70,
  PLANES: 71,
  RADIUS: 72,
  OUTPUTS: 73,
  STORE_RADIUS: 74,
  CHANGED: 75,
  SHA256: 80,
};

/** Where the counters of a self-test stand on the page, two words each. */
export const Counter = {
  FIRST: 128,
  RECALLS: 128,
  EXACT: 130,
  WRONG_NEURONS: 132,
  NOT_CONVERGED: 134,
  NEAREST: 136,
  CYCLES: 138,
  STEPS: 192,
};

/** Why a request was not carried out. */
export const Code = {
  CRC: 1,
  FRAME: 2,
  TOO_LONG: 3,
  VERSION: 4,
  KIND: 5,
  LENGTH: 6,
  TARGET: 7,
  RANGE: 8,
  INVALID: 9,
  ORDER: 10,
};
