"""Talks to a hopgate board over its serial port.

>>> import hopgate                                   # doctest: +SKIP
>>> board = hopgate.Board("/dev/ttyUSB1")            # doctest: +SKIP
>>> answers = board.recall(cues)                     # (Q, N) of 0 and 1; doctest: +SKIP
"""

from .answers import Answers
from .board import Board, Counters
from .errors import (
    BoardChanged,
    BoardError,
    DoesNotFit,
    HopgateError,
    MemoryFolderError,
    NoAnswer,
    NoMemory,
    PortError,
    VersionMismatch,
)
from .memory import Memory
from .page import Info

__all__ = [
    "Answers", "Board", "BoardChanged", "BoardError", "Counters", "DoesNotFit", "HopgateError", "Info", "Memory",
    "MemoryFolderError", "NoAnswer", "NoMemory", "PortError", "VersionMismatch",
]
