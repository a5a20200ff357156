"""The protocol's numbers. This file is made from software/wire: its test `python` says how."""

# a header: version, reply, kinds; an error's kind is 0
VERSION = 1
WIDE_VERSION = 2
REPLY = 128
ERROR = 0

# kinds
READ = 1
WRITE = 2
RECALL = 3
SELFTEST = 4
MASKED = 5
STORE = 6
FORGET = 7
FIND = 8
LEARN = 9

# regions; a bank's number is in the high byte of that of its rows
PAGE = 0
KERNEL = 1
THRESHOLD = 2
ROWS = 3
VALUES = 4

# words of a frame besides its body: a header, and the CRC
CRC_WORDS = 2

# the page
MAGIC = 18248
BEGIN = 96
COMMIT = 97
PAGE_WORDS = 256
SEVERAL = 4
MOST_COUNTED_STEPS = 31

# words of what is said of a class, and behind every answer; in the first of those: it converged, it is unknown,
# it is uncertain; of a STORE the key is near, was stored, or there is no room; and all of them
CLASS_WORDS = 6
INFO_WORDS = 3
ANY_CLASS = 65535
CONVERGED = 32768
UNKNOWN = 16384
UNCERTAIN = 8192
NEAR = 4096
STORED = 2048
FULL = 1024
STATUS = 64512
FOUND_UNKNOWN = 32768
FOUND_WORDS = 2

# what a board answers with, in the order of their numbers
AUTO = "auto"
MAP = "map"
CLASS = "class"
SEQUENCE = "sequence"
KINDS = (AUTO, MAP, CLASS, SEQUENCE)


class Word:
    """Where each number of what a board is stands on its page."""

    MAGIC = 0
    VERSION = 1
    NEURONS = 2
    LANES = 3
    PATTERNS = 4
    PLANES = 5
    BANKS = 6
    FOLD = 7
    FLAGS = 8
    KERNEL_BITS = 9
    ACCUMULATOR_BITS = 10
    STRIDE = 11
    DEPTH = 12
    GROUPS = 13
    WINDOW = 14
    THRESHOLD_BITS = 15
    CLOCK = 16
    BAUD = 18
    LATENCY = 20
    KIND = 21
    OUTPUTS = 22
    VALUE_ROWS = 23
    BUILT_IN = 24
    RELEASE = 40
    BEATS = 48
    RANKS = 49
    KINDS = 50


class Flag:
    """The bits of the word of flags."""

    NEAREST = 0
    FIXED = 1
    SHARED_TOP = 2
    THRESHOLD = 3
    SELF_TEST = 4
    EMPTY = 5
    RADIUS = 6
    MASKS = 7
    LEARN = 8
    FIND = 9
    AUTO_STORE = 10


class Held:
    """Where each number of what a board holds stands on its page."""

    FIRST = 64
    LAST_GROUP = 64
    LAST_BANK = 65
    ENTRIES = 66
    MAX_STEPS = 67
    FIXED_MODE = 68
    KIND_SHIFT = 8
    NEURONS = 69
    PATTERNS = 70
    PLANES = 71
    RADIUS = 72
    OUTPUTS = 73
    STORE_RADIUS = 74
    CHANGED = 75
    SHA256 = 80


class Counter:
    """Where the counters of a self-test stand on the page, two words each."""

    FIRST = 128
    RECALLS = 128
    EXACT = 130
    WRONG_NEURONS = 132
    NOT_CONVERGED = 134
    NEAREST = 136
    CYCLES = 138
    STEPS = 192


class Code:
    """Why a request was not carried out."""

    CRC = 1
    FRAME = 2
    TOO_LONG = 3
    VERSION = 4
    KIND = 5
    LENGTH = 6
    TARGET = 7
    RANGE = 8
    INVALID = 9
    ORDER = 10
