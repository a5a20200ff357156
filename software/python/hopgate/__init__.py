"""Binary patterns to a hardware associative memory: train, quantise, recall, estimate, simulate, build; and the board itself.

>>> import hopgate
>>> memory = hopgate.train("random:N=32,P=20,seed=1", gamma=0.1).quantize(bits=1, scheme="shared")
>>> noisy = hopgate.cues(memory.patterns, "flips:0.05", 100)
>>> answers = memory.recall(noisy.bits)
>>> bool((answers.states == memory.patterns[noisy.origin]).all(axis=1).mean() > 0.9)
True

`hopgate.Board` talks to a board over its serial port, and needs pyserial: `pip install hopgate[serial]`. `hopgate.sklearn` has a
classifier for scikit-learn.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .errors import (
    BoardChanged,
    BoardError,
    DoesNotFit,
    Error,
    HopgateError,
    HopgateWarning,
    MemoryFolderError,
    NoAnswer,
    NoMemory,
    PortError,
    VersionMismatch,
)

if TYPE_CHECKING:
    from ._native import boards
    from .answers import Answers
    from .board import Board, Counters, Found, Stored
    from .memories import Cues, Memory, cues
    from .models import Model, Patterns, patterns, train
    from .neighbors import from_neighbors
    from .page import Info
    from .results import Report

# what is loaded when it is asked for: a board needs no compiled part, and a memory no pyserial
_LATER = {
    "Answers": "answers", "Board": "board", "Counters": "board", "Found": "board", "Stored": "board",
    "Cues": "memories", "Info": "page", "Memory": "memories",
    "Model": "models", "Patterns": "models", "Report": "results", "boards": "_native", "cues": "memories", "from_neighbors": "neighbors",
    "patterns": "models", "train": "models",
}  # fmt: skip

__all__ = [
    "Answers", "Board", "BoardChanged", "BoardError", "Counters", "Cues", "DoesNotFit", "Error", "Found", "HopgateError", "HopgateWarning",
    "Info", "Memory", "MemoryFolderError", "Model", "NoAnswer", "NoMemory", "Patterns", "PortError", "Report", "Stored", "VersionMismatch",
    "boards", "cues", "from_neighbors", "patterns", "train",
]  # fmt: skip

# what is not in the source but compiled or installed beside it, and how to have it
_MISSING = {
    "hopgate._native": "the compiled part of hopgate is not there: pip install ./software/python builds it (Rust is needed)",
    "serial": "a board needs pyserial: pip install 'hopgate[serial]'",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    needed = {"board": "serial", "answers": None, "page": None, "results": None}.get(_LATER[name], f"{__name__}._native")
    if needed is not None and find_spec(needed) is None:
        raise ModuleNotFoundError(_MISSING[needed], name=needed)
    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
