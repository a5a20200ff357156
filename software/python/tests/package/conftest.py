"""The program that the package is compared with: `HOPGATE` names it."""

import os
import subprocess

import numpy as np
import pytest


@pytest.fixture
def hopgate_run(tmp_path):
    """Runs a command line of the program in an empty folder; it must succeed."""
    program = os.environ.get("HOPGATE", "")
    if not program:
        pytest.skip("HOPGATE does not name the program")

    def run(line):
        done = subprocess.run([program, "-q", *line.split()], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def samples():
    """Keys (T, N) about eight middles, their classes (T) and values (T, M)."""
    rng = np.random.default_rng(1)
    middles = rng.random((8, 48)) < 0.5
    classes = np.arange(160) % 4
    keys = middles[np.arange(160) % 8] ^ (rng.random((160, 48)) < 0.1)
    values = (rng.random((8, 6)) < 0.5)[np.arange(160) % 8]
    return keys.astype("u1"), classes, values.astype("u1")
