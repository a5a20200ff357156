"""Random cues from a seed: `cues.py FILE NEURONS COUNT`."""

import sys

import numpy as np

file, neurons, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
np.save(file, np.random.default_rng(5).integers(0, 2, (count, neurons), dtype=np.uint8))
