"""Models of nearest neighbours as memories."""

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, NearestNeighbors, RadiusNeighborsClassifier  # noqa: E402

import hopgate  # noqa: E402


def test_neighbours_are_the_same(samples):
    keys, labels, values = samples
    cues = hopgate.cues(keys, "flips:0.15", 300).bits
    model = NearestNeighbors(n_neighbors=4, metric="manhattan").fit(keys)
    distances, rows = hopgate.from_neighbors(model).kneighbors(cues, 4)
    want, order = model.kneighbors(cues)
    np.testing.assert_array_equal(distances, want)
    # where two are equally near, either order is right
    np.testing.assert_array_equal((keys[order] != cues[:, None]).sum(axis=2), (keys[rows] != cues[:, None]).sum(axis=2))
    names = np.array(["ant", "bee", "cat", "dog"])[labels]
    memory = hopgate.from_neighbors(KNeighborsClassifier(1, metric="hamming").fit(keys, names), noise=0.05)
    assert memory.classes == ["ant", "bee", "cat", "dog"] and memory.score(keys, names) == 1.0
    mapped = hopgate.from_neighbors(KNeighborsRegressor(1).fit(keys, values))
    assert mapped.kind == "map" and mapped.score(keys, values) == 1.0
    one = hopgate.from_neighbors(KNeighborsRegressor(1).fit(keys, values[:, 0]))
    assert one.outputs == 1


def test_what_is_no_memory(samples):
    keys, labels, _ = samples
    for model, what in [
        (NearestNeighbors(), "no fitted model"),
        (NearestNeighbors(metric="cosine").fit(keys), "'cosine'"),
        (RadiusNeighborsClassifier(9.0).fit(keys, np.stack([labels, labels], axis=1)), "several classes"),
        (NearestNeighbors().fit(keys + 0.5), "0.5"),
    ]:
        with pytest.raises(hopgate.Error, match=what):
            hopgate.from_neighbors(model)
