"""What can go wrong; each message says what happened and what to do."""

from .wire import Code


class HopgateError(Exception):
    """The base of all of them."""


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

    def __init__(self, code, detail):
        self.code, self.detail, self.name = code, detail, NAMES.get(code, "unknown")
        super().__init__(f"the board refuses: {self.name} (code {code}, detail {detail})")


class NoMemory(BoardError):
    """The board holds no valid memory: none was loaded yet, or a load was interrupted. Load one."""

    def __init__(self, code, detail):
        super().__init__(code, detail)
        self.args = ("the board holds no valid memory (none was loaded yet, or a load was interrupted): load one",)
