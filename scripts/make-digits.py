#!/usr/bin/env python3
"""Makes software/files/data/digits.txt, the built-in pattern set `digits`, from the UCI handwritten digits.

    scripts/make-digits.py digits.csv.gz > software/files/data/digits.txt

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


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with gzip.open(sys.argv[1], "rt", newline="") as file:
        rows = [[int(float(value)) for value in row] for row in csv.reader(file) if row]
    wanted = [PATTERNS // 10 + (c < PATTERNS % 10) for c in range(10)]
    seen, lines = set(), []
    for *grey, digit in rows:
        picture = "".join(f"{sum((grey[8 * y + x] >= INK) << (7 - x) for x in range(8)):02x}" for y in range(8))
        if wanted[digit] > 0 and picture not in seen:
            seen.add(picture)
            wanted[digit] -= 1
            lines.append(f"{digit} {picture}")
    if any(wanted):
        sys.exit(f"{sys.argv[1]}: too few different digits")
    sys.stdout.write(HEADER + "\n".join(lines) + "\n")


main()
