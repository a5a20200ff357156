"""The classifier in scikit-learn's hands."""

import pickle

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn", minversion="1.6")

from sklearn.base import clone  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import Binarizer, KBinsDiscretizer  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402

import hopgate  # noqa: E402
from hopgate.sklearn import HopgateClassifier  # noqa: E402

# what scikit-learn asks of every classifier and this one is not: nothing so far (`poor_score` spares it thresholds of accuracy on real numbers)
EXCEPTIONS = {}


@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.filterwarnings("ignore")
def test_check_estimator(trained):
    results = check_estimator(HopgateClassifier(trained=trained), on_skip=None, on_fail=None, expected_failed_checks=EXCEPTIONS)
    failed = [f"{r['check_name']}: {r['exception']}" for r in results if r["status"] == "failed"]
    assert not failed, "\n".join(failed)
    assert sum(r["status"] == "passed" for r in results) > 45


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(1).permutation(len(X))
    return X[order], y[order]


@pytest.mark.filterwarnings("ignore:Feature .* is constant")
def test_pipeline_and_grid_search(digits):
    X, y = digits
    coder = KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform")
    pipeline = make_pipeline(coder, HopgateClassifier(centres=80, gamma=0.02))
    grid = GridSearchCV(pipeline, {"hopgateclassifier__bits": [1, 2], "hopgateclassifier__gamma": [0.01, 0.03]}, cv=2)
    grid.fit(X[:500], y[:500])
    assert grid.score(X[500:], y[500:]) > 0.88
    best = grid.best_estimator_[-1]
    assert best.memory_.kind == "class" and best.memory_.patterns.shape == (80, best.n_features_in_)
    assert best.memory_.estimate("alchitry-cu").fits
    # what it predicts is what its memory answers
    bits = grid.best_estimator_[0].transform(X[500:600]).astype("u1")
    np.testing.assert_array_equal(best.classes_[best.memory_.predict(bits)], grid.predict(X[500:600]))


def test_labels_of_any_type(digits):
    X, y = digits
    names = np.array([f"class {label}" for label in range(10)])[y]
    classifier = HopgateClassifier(centres=50, binarize=7, gamma=0.05).fit(X[:400], names[:400])
    assert set(classifier.predict(X[400:500])) <= set(names)
    again = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(again.predict(X), classifier.predict(X))
    assert clone(classifier).get_params() == classifier.get_params()
    scores = cross_val_score(make_pipeline(Binarizer(threshold=7), HopgateClassifier(trained=False, noise=0.05)), X[:600], y[:600], cv=3)
    assert scores.mean() > 0.85


def test_a_trained_one_is_better_than_the_same_number_of_samples(digits):
    X, y = digits
    trained = HopgateClassifier(centres=60, binarize=7).fit(X[:900], y[:900]).score(X[900:], y[900:])
    plain = HopgateClassifier(trained=False, binarize=7, noise=0.05).fit(X[:60], y[:60]).score(X[900:], y[900:])
    assert trained > plain + 0.05, (trained, plain)


def test_what_is_far_from_all_is_unknown(digits):
    X, y = digits
    classifier = HopgateClassifier(trained=False, binarize=7, radius=10, unknown=-1).fit(X[:900], y[:900])
    noise = np.random.default_rng(2).random((200, 64)) * 16
    assert (classifier.predict(noise) == -1).mean() > 0.9 > 0.2 > (classifier.predict(X[900:]) == -1).mean()
    # of two classes the decision function is one number
    two = HopgateClassifier(trained=False, binarize=7).fit(X[y < 2], y[y < 2])
    np.testing.assert_array_equal(two.predict(X[:50]) == 1, two.decision_function(X[:50]) > 0)


def test_features_that_are_no_bits_are_refused(digits):
    X, y = digits
    with pytest.raises(hopgate.Error, match="binarise"):
        HopgateClassifier(binarize=None).fit(X, y)
    with pytest.raises(ValueError, match="one class"):
        HopgateClassifier().fit(X[:10], np.zeros(10))
