#!/usr/bin/env python3
"""Makes software/files/data/digits.txt and optdigits.txt, the built-in sets `digits` and `optdigits`, from the UCI handwritten digits.

    scripts/make-digits.py digits.csv.gz > software/files/data/digits.txt
    scripts/make-digits.py --all digits.csv.gz > software/files/data/optdigits.txt

digits.csv.gz is the file of that name in the package scikit-learn (sklearn/datasets/data/): 1,797 rows of 64 grey values
0..16 and the class. Needs Python 3 alone.
"""
import csv
import gzip
import sys

INK = 8  # half of a cell's 4x4 scanned pixels
PATTERNS = 192
HEADER = """\
# 192 handwritten digits of 8x8 pixels: the built-in pattern set `digits` of hopgate.
#
# Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
# https://doi.org/10.24432/C50P49, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
# Changes: a pixel is ink where at least 8 of the 16 scanned pixels are; of the 1,797 digits of the test set the first
# 19 or 20 different ones of each class, in the order of the file. Made by scripts/make-digits.py.
#
# A line is the class and the eight rows of the picture from the top, two hexadecimal digits each, left pixel first.
"""


LEVELS = (5, 11)  # of the 16 scanned pixels: two bits for each pixel
HEADER_OF_ALL = """\
# 1,797 handwritten digits of 8x8 pixels, two bits each: the built-in set `optdigits` of hopgate.
#
# Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
# https://doi.org/10.24432/C50P49, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
# Changes: the test set, in the order of the file; a pixel is two bits, one where at least 5 of the 16 scanned pixels are ink, one where at
# least 11 are. Made by scripts/make-digits.py.
#
# A line is the class, and sixteen rows from the top, two hexadecimal digits each, left pixel first: eight of the first bit, then eight of the
# second.
"""


def picture(grey, level):
    return "".join(f"{sum((grey[8 * y + x] >= level) << (7 - x) for x in range(8)):02x}" for y in range(8))


def main():
    every = sys.argv[1:2] == ["--all"]
    if len(sys.argv) != 2 + every:
        sys.exit(__doc__)
    with gzip.open(sys.argv[-1], "rt", newline="") as file:
        rows = [[int(float(value)) for value in row] for row in csv.reader(file) if row]
    if every:
        lines = [f"{digit} " + "".join(picture(grey, level) for level in LEVELS) for *grey, digit in rows]
        sys.stdout.write(HEADER_OF_ALL + "\n".join(lines) + "\n")
        return
    wanted = [PATTERNS // 10 + (c < PATTERNS % 10) for c in range(10)]
    seen, lines = set(), []
    for *grey, digit in rows:
        drawn = picture(grey, INK)
        if wanted[digit] > 0 and drawn not in seen:
            seen.add(drawn)
            wanted[digit] -= 1
            lines.append(f"{digit} {drawn}")
    if any(wanted):
        sys.exit(f"{sys.argv[1]}: too few different digits")
    sys.stdout.write(HEADER + "\n".join(lines) + "\n")


main()
