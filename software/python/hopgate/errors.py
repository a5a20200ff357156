"""What can go wrong; each message says what happened and what to do."""

from __future__ import annotations

import re
from typing import Optional

from .wire import Code


class Error(Exception):
    """What happened (`message`), what to do about it (`hint`, or None), and what sort of error it is (`kind`).

    `kind` is `usage`, `io`, `format`, `value`, `tool`, `fit` or `failed`: those of the command line's JSON.

    >>> raise Error("gamma is -1", "`gamma 0.1` fits a tenth of flips", "usage")
    Traceback (most recent call last):
    hopgate.errors.Error: gamma is -1
      help: `gamma=0.1` fits a tenth of flips
    """

    def __init__(self, message: str, hint: Optional[str] = None, kind: str = "failed") -> None:
        super().__init__(message)
        self.message, self.hint, self.kind = message, _spelled(hint), kind

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  help: {self.hint}"


def _spelled(hint: Optional[str]) -> Optional[str]:
    """The parameters that a hint names between backticks, as keywords."""
    return hint and re.sub(r"`([a-z][a-z-]*) ([^`]*)`", lambda m: f"`{m[1].replace('-', '_')}={m[2]}`", hint)


class HopgateError(Error):
    """The base of what goes wrong between this program and a board."""


class PortError(HopgateError):
    """The serial port cannot be opened, went away, or is used by another program too."""


class NoAnswer(HopgateError):
    """Nothing that makes sense comes back, however often it is asked."""


class VersionMismatch(HopgateError):
    """The board speaks another version of the protocol, or is no hopgate board."""


class BoardChanged(HopgateError):
    """The board holds another memory than before, or is another board: it was loaded or configured meanwhile."""


class MemoryFolderError(HopgateError):
    """A folder is no memory, or a damaged one."""


class DoesNotFit(HopgateError):
    """A memory, or a cue, does not fit the board."""


NAMES = {number: name for name, number in vars(Code).items() if name.isupper()}


class BoardError(HopgateError):
    """The board refused a request: `code`, `name` and `detail` as in the protocol."""

    def __init__(self, code: int, detail: int, what: Optional[str] = None) -> None:
        self.code, self.detail, self.name = code, detail, NAMES.get(code, "unknown")
        super().__init__(what or f"the board refuses: {self.name} (code {code}, detail {detail})")


class NoMemory(BoardError):
    """The board holds no valid memory: none was loaded yet, or a load was interrupted. Load one."""

    def __init__(self, code: int, detail: int) -> None:
        super().__init__(code, detail, "the board holds no valid memory (none was loaded yet, or a load was interrupted): load one")


class HopgateWarning(UserWarning):
    """What one should be wary of: patterns that were merged, weights that were badly conditioned."""
