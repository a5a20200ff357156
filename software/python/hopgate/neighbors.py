"""Memories of what scikit-learn's models of nearest neighbours were fitted to."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import whole
from .errors import Error
from .memories import Memory

# of rows of bits all of these order neighbours as the Hamming distance does
METRICS = ("hamming", "manhattan", "cityblock", "l1", "euclidean", "l2", "sqeuclidean", "minkowski", "matching")


def from_neighbors(model: Any, noise: float = 0.1, **options: Any) -> Memory:
    """The training-free memory of a fitted `NearestNeighbors`, `KNeighborsClassifier` or `KNeighborsRegressor` (of values 0 and 1) of bits.

    `options` are those of `Memory.training_free`. Its nearest pattern is the model's nearest neighbour; the answer is a vote of the near ones.

    >>> import numpy as np
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> import hopgate
    >>> keys, labels = np.eye(6, dtype="u1"), ["a", "a", "b", "b", "c", "c"]
    >>> hopgate.from_neighbors(KNeighborsClassifier(1, metric="hamming").fit(keys, labels))
    Memory(class, 6 patterns of 6 bits, 3 classes, 1 plane)
    """
    rows = getattr(model, "_fit_X", None)
    if rows is None:
        raise Error(f"{type(model).__name__} is no fitted model of nearest neighbours", "fit it first", "usage")
    metric = getattr(model, "effective_metric_", "hamming")
    if metric not in METRICS:
        raise Error(f"the metric is {metric!r}, but a memory goes by Hamming distances", f"there are {', '.join(METRICS)}", "usage")
    bits = whole(rows.toarray() if hasattr(rows, "toarray") else rows, "the samples")
    answers, classes = getattr(model, "_y", None), getattr(model, "classes_", None)
    if answers is None:
        return Memory.training_free(bits, noise=noise, **options)
    if classes is None:
        values = np.asarray(answers)
        return Memory.training_free(bits, noise=noise, values=values[:, None] if values.ndim == 1 else values, **options)
    if isinstance(classes, list):
        raise Error("the model has several classes for each sample", "fit a model for each of them", "usage")
    return Memory.training_free(bits, [str(label) for label in np.asarray(classes)[np.asarray(answers).ravel()]], noise, **options)
