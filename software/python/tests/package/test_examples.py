"""The examples run, and show what their guides say."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
import hypervectors  # noqa: E402

PROGRAM = os.environ.get("HOPGATE", "")


@pytest.mark.skipif(not PROGRAM, reason="HOPGATE does not name the program")
@pytest.mark.parametrize("model", ["BSC", "MAP"])
@pytest.mark.parametrize("pairs", [3, 24])
def test_hypervectors(model, pairs):
    report = hypervectors.clean_up(PROGRAM, model, 512, 60, pairs)
    assert report["cues"] == 60 * pairs
    for way in ("software", "board", "votes"):
        assert report[way] == report["cues"], (way, report)
    # three pairs always come apart, and of twenty-four some do not: both ways, the answers are those of the similarity
    assert report["found"] == 1.0 if pairs == 3 else 0.5 < report["found"] < 1.0, report
    # an even number of signs may add up to nothing
    assert (report["unknown"] > 0) == (model == "MAP" and pairs % 2 == 0)


def test_arithmetic():
    for model in ("BSC", "MAP"):
        hd = hypervectors.Numpy(model, 1)
        a, b = hd.random(2, 2000)
        np.testing.assert_array_equal(hd.bind(hd.bind(a, b), b), a)
        both = hd.bundle(np.stack([a, a, b])[None])[0]
        np.testing.assert_array_equal(both if model == "BSC" else np.sign(both), a)
        assert list(hd.similar(np.stack([b, a]), np.stack([a, b, b]))) == [1, 0]
