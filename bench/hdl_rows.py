"""The cores that `bench/hdl.py` builds: the table, many small sizes, and other families."""

# name, patterns, gamma, bits, bits of the kernel, its mode, noise of the cues, board, options, seeds
RANDOM = "random:N=170,P=510,seed=1"
TABLE = [
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 8),
    ("glyphs, 2 bits", "glyphs", "auto", 2, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 8),
    ("170 x 510", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu", ["--freq", "160"], 8),
    ("170 x 510, 2 rows", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu", ["--freq", "140", "--parallel", "2"], 4),
    ("glyphs, 2 rows", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu", ["--freq", "140", "--parallel", "2"], 4),
    ("64 x 128, fold 4", "random:N=64,P=128,seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "icestick", ["--fold", "4"], 4),
    ("glyphs, nearest", "glyphs", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160", "--readout", "nearest"], 4),
    ("170 x 510, nearest", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu",
     ["--freq", "160", "--readout", "nearest"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 4),
    ("digits, 4 rows", "digits", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "140", "--parallel", "4"], 4),
    ("64 x 128, nearest", "random:N=64,P=128,seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "icestick", ["--readout", "nearest"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "icebreaker", [], 4),
    ("100 x 300, 2 bits", "random:N=100,P=300,seed=1", "0.05", 2, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "140"], 4),
    ("100 x 300, fixed", "random:N=100,P=300,seed=1", "0.05", 2, 8, "fixed", 0.1, "alchitry-cu", ["--freq", "140"], 4),
    ("glyphs, fold 2", "glyphs", "auto", 1, 7, "normalised", 0.1, "icebreaker", ["--fold", "2"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "ulx3s-85f", [], 1),
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "tang-nano-9k", [], 1),
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "tang-nano-20k", [], 1),
    ("glyphs, 2 rows, 2 cues", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu",
     ["--freq", "165", "--parallel", "2", "--later", "stop", "--cues", "2"], 2),
    ("glyphs, 2 rows, 3 cues", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu",
     ["--freq", "145", "--parallel", "2", "--later", "stop", "--cues", "3"], 8),
    # a kernel of 4 bits takes three bits less for each neuron and cue than one of 7
    ("170 x 510, 2 rows, 2 cues", RANDOM, "auto", 1, 4, "normalised", 0.2, "alchitry-cu",
     ["--freq", "150", "--parallel", "2", "--later", "stop", "--cues", "2"], 8),
    # with today's yosys and nextpnr (make tools-newest)
    ("glyphs, newest tools", "glyphs", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "180"], 8),
    ("170 x 510, newest tools", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu", ["--freq", "200"], 8),
    ("glyphs, 6 cores, 2 rows, 3 cues", "glyphs", "auto", 1, 7, "normalised", 0.1, "ulx3s-85f",
     ["--parallel", "2", "--later", "stop", "--cues", "3", "--cores", "6"], 1),
]

# The same four memories on every board, one seed. On an iCEstick the rows of glyphs and of 170 x 510 have no room: 17 and 27 block RAMs of 16.
SMALL = [
    ("64 x 128", "random:N=64,P=128,seed=1", "noise:0.1", 1, 7, "normalised", 0.1),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1),
]
LARGE = [
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1),
    ("170 x 510", RANDOM, "auto", 1, 7, "normalised", 0.2),
]
BOARDS = {
    "alchitry-cu": SMALL + LARGE, "icestick": SMALL, "icebreaker": SMALL + LARGE, "ulx3s-85f": SMALL + LARGE,
    "tang-nano-9k": SMALL + LARGE, "tang-nano-20k": SMALL + LARGE, "gatemate-evb": SMALL + LARGE,
}
TABLE += [(*memory, board, [], 1) for board, memories in BOARDS.items() for memory in memories
          if not any(row[0] == memory[0] and row[7] == board for row in TABLE)]

# What shares scans, on the boards that have room and no row of it: not the iCEstick, where two rows a cycle have none.
TABLE += [("64 x 128, 2 rows, 2 cues", *SMALL[0][1:], board, ["--parallel", "2", "--later", "stop", "--cues", "2"], 1)
          for board in BOARDS if board not in ("alchitry-cu", "icestick")]


def sizes():
    """Shapes for the estimate, every other one held back for its test: small and large, odd and even, every option."""
    rows = []
    shapes = [(16, 16), (20, 50), (32, 64), (33, 100), (48, 128), (64, 128), (64, 192), (80, 256), (100, 300), (112, 200),
              (128, 384), (144, 300), (160, 256), (170, 510)]
    options = [[], ["--parallel", "2"], ["--fold", "2"], ["--parallel", "4"], ["--readout", "nearest"], ["--fold", "4"],
               ["--parallel", "2", "--fold", "2"]]
    for i, (n, p) in enumerate(shapes):
        for j in range(3):
            option = options[(2 * i + 3 * j) % len(options)]
            if n <= 32 and "--fold" in option:
                # one lane has no slots, two have no more than two
                option = option[:-2] + (["--fold", "2"] if n > 16 else [])
            if n > 128 and option == ["--parallel", "4"]:
                # forty block RAMs and more
                option = ["--parallel", "2"]
            bits = 1 + (i + j) % 2 if p * n < 30000 else 1
            gamma, kernel = [("noise:0.1", "normalised"), ("0.05", "normalised"), ("0.05", "fixed")][(i + 2 * j) % 3]
            rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", gamma, bits, 8 - i % 2, kernel, 0.1, "alchitry-cu", option, 1))
    # more rows than fit the block RAMs: the last ones are in logic cells
    for n, p, options in [(256, 264, ["--fold", "2"]), (240, 300, ["--fold", "2"]), (100, 1100, []), (560, 10, ["--fold", "4"])]:
        rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "alchitry-cu", options, 1))
    # the framed link: fixed and loadable by turns
    framed = [(16, 16), (33, 100), (64, 128), (64, 300), (80, 256), (100, 300), (128, 384), (170, 510)]
    options = [[], ["--parallel", "2"], ["--fold", "2"], ["--readout", "nearest"], ["--fold", "4"], ["--parallel", "4"]]
    for i, (n, p) in enumerate(framed):
        for j in range(2):
            option = options[(3 * i + 2 * j + i // 2) % len(options)]
            option = [] if n <= 16 and "--fold" in option else option
            if n * p >= 30000 and "4" in option and "--parallel" in option:
                option = ["--parallel", "2"]
            if (n, p, j) == (100, 300, 0):
                # with room for another memory two rows a cycle take 33 block RAMs
                option = []
            bits = 2 if i % 4 == 1 else 1
            rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "0.05", bits, 8 - i % 2, ["normalised", "fixed"][i % 3 == 2], 0.1,
                         "alchitry-cu", option + ["--protocol", "framed"] + ([] if (i + j) % 2 else ["--no-load"]), 1))
    for n, p in [(64, 128), (100, 300), (170, 510)]:
        rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "alchitry-cu",
                     ["--protocol", "framed", "--no-selftest"], 1))
    # boards that learn, of patterns and of classes, and some that store unknown cues
    for n, p, classes, options in [(24, 40, 5, []), (24, 40, 5, ["--auto-store"]), (40, 60, 0, []), (40, 60, 0, ["--auto-store"]), (64, 128, 10, []),
                                   (64, 128, 10, ["--auto-store"]), (100, 300, 0, ["--readout", "nearest"]), (128, 100, 10, []), (170, 510, 0, [])]:
        made = f"stored:radius={n // 8}" + (f",classes={classes}" if classes else "")
        rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", made, 1, 8, "normalised", 0.1, "alchitry-cu", options + ["--learn"], 1))
    return rows


def families():
    """Shapes for the estimate of families beside the iCE40: the options, each at least once, and two links."""
    random = lambda n, p: f"random:N={n},P={p},seed=1"
    shapes = [
        (16, 16, "noise:0.1", 1, "normalised", []),
        (33, 100, "0.05", 2, "normalised", []),
        (48, 128, "0.05", 1, "normalised", ["--parallel", "2"]),
        (64, 128, "noise:0.1", 1, "normalised", ["--fold", "2"]),
        (64, 192, "noise:0.1", 1, "normalised", ["--readout", "nearest"]),
        (80, 256, "0.05", 2, "fixed", ["--parallel", "4"]),
        (100, 300, "noise:0.1", 1, "normalised", []),
        (112, 200, "0.05", 1, "normalised", ["--fold", "4"]),
        (128, 384, "noise:0.1", 1, "normalised", []),
        (33, 100, "0.05", 1, "normalised", ["--protocol", "framed"]),
        (64, 128, "0.05", 1, "normalised", ["--protocol", "framed", "--no-load"]),
        (128, 384, "noise:0.1", 1, "normalised", ["--readout", "nearest"]),
    ]
    boards = ("tang-nano-9k", "ulx3s-85f", "gatemate-evb")
    few = [(37, 9, "0.3", 1, "normalised", []), (24, 40, "0.3", 1, "normalised", [])]
    return [(f"{n} x {p}", random(n, p), gamma, bits, 8, kernel, 0.1, board, options, 1)
            for table in (shapes, few) for board in boards for n, p, gamma, bits, kernel, options in table]
