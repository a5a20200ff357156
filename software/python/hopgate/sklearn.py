"""A classifier for scikit-learn: `pip install hopgate[sklearn]`."""

from __future__ import annotations

import warnings
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from .errors import HopgateWarning
from .memories import Memory
from .models import Model, train


class HopgateClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classes by a memory of centres, a few bit planes and integers: what a core answers on an FPGA, bit for bit.

    Features are bits. Others become bits by `binarize`; a pipeline with a binariser of one's own keeps more of them.

    Parameters
    ----------
    centres : int or None
        How many samples, or middles of them, are stored; None stores 512, or all of fewer.
    bits : int
        Planes of the memory, 1 to 4.
    scheme : {"tuned", "shared", "uniform"}
        How dual weights become bits.
    gamma : float or {"auto", "noise:P"}
        Of the kernel.
    regulariser : float or None
        Lambda, of the squared dual weights; None stands for 0.1.
    noise : float
        The probability with which every feature is flipped in copies that are trained on as well.
    trained : bool
        Without training the memory is that of all samples, in one plane; `noise`, or else 0.1, then sets gamma.
    binarize : float or None
        What is greater is 1; None takes features of 0 and 1 alone.
    radius : int or None
        Beyond it `predict` answers with `unknown`; None knows every answer.
    unknown : object or None
        The label of what is not known; None stands for the class that is nearest all the same.
    random_state : int
        The seed of everything random.

    Attributes
    ----------
    memory_ : hopgate.Memory
        What it becomes in hardware: `memory_.estimate("alchitry-cu")`, `memory_.build(...)`.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from hopgate.sklearn import HopgateClassifier
    >>> X, y = load_digits(return_X_y=True)
    >>> classifier = HopgateClassifier(centres=60, binarize=7.0).fit(X[:600], y[:600])
    >>> bool(classifier.score(X[600:], y[600:]) > 0.75)
    True
    """

    memory_: Memory
    model_: Optional[Model]

    def __init__(
        self,
        centres: Optional[int] = None,
        *,
        bits: int = 2,
        scheme: str = "tuned",
        gamma: Union[float, str] = "auto",
        regulariser: Optional[float] = None,
        noise: float = 0.0,
        trained: bool = True,
        binarize: Optional[float] = 0.0,
        radius: Optional[int] = None,
        unknown: Any = None,
        random_state: int = 1,
    ) -> None:
        self.centres = centres
        self.bits = bits
        self.scheme = scheme
        self.gamma = gamma
        self.regulariser = regulariser
        self.noise = noise
        self.trained = trained
        self.binarize = binarize
        self.radius = radius
        self.unknown = unknown
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # a threshold for all features knows little of features that are real numbers
        tags.classifier_tags.poor_score = True
        return tags

    def _bits(self, X: Any) -> NDArray[Any]:
        return X if self.binarize is None else np.ascontiguousarray(np.greater(X, self.binarize))

    def fit(self, X: ArrayLike, y: ArrayLike) -> HopgateClassifier:
        """Learns from samples (T, N) and their classes (T)."""
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"HopgateClassifier needs two classes, but there is one class: {self.classes_[0]!r}")
        rows = self._bits(X)
        self.model_ = None
        if not self.trained or (rows == rows[0]).all():
            # samples that are all the same have nothing to train on
            self.memory_ = self._vote(rows, numbers)
            return self
        centres = None if self.centres is None else min(self.centres, len(rows))
        self.model_ = train(
            rows, numbers, self.gamma, centres, lambda_=self.regulariser, noise=self.noise or None, seed=self.random_state
        )
        self.memory_ = self.model_.quantize(self.bits, self.scheme, radius=self.radius, seed=self.random_state)
        return self

    def _vote(self, rows: NDArray[Any], numbers: NDArray[Any]) -> Memory:
        """The memory of all samples; of several that are the same the first counts."""
        gamma = None if isinstance(self.gamma, str) else self.gamma
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HopgateWarning)
            return Memory.training_free(rows, numbers, self.noise or 0.1, gamma=gamma, radius=self.radius)

    def _answers(self, X: ArrayLike) -> Any:
        check_is_fitted(self)
        return self.memory_.recall(self._bits(validate_data(self, X, reset=False)), field=True)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class of each sample, (Q)."""
        answers = self._answers(X)
        found: NDArray[Any] = self.classes_[answers.best]
        if self.unknown is None or bool(answers.known.all()):
            return found
        labels = found.astype(np.result_type(found, np.asarray(self.unknown)))
        labels[~answers.known] = self.unknown
        return labels

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """The score of each class, (Q, C); of two classes that of the second less that of the first, (Q)."""
        fields: NDArray[np.float64] = self._answers(X).field.astype(np.float64)
        return fields[:, 1] - fields[:, 0] if len(self.classes_) == 2 else fields


__all__ = ["HopgateClassifier"]
