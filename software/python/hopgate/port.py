"""The port: opened for this program alone; what cannot be opened says why, and who has it."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import Any, Optional, Union

import serial

from .errors import PortError

Place = Union[str, "os.PathLike[str]"]

try:
    import fcntl
    import grp
    import termios
except ImportError:  # no such locks: the system opens a port once
    fcntl = grp = termios = None  # type: ignore[assignment]


def open_port(port: Place, baud: int) -> Any:
    """What pyserial opens: the name of a port, or a URL (`socket://`, `rfc2217://`, ...).

    A port of this machine is locked (`flock`) and, where it is no pseudo-terminal, marked as in exclusive use
    (`TIOCEXCL`): a second program is refused. What is behind a URL is not locked here.
    """
    name = os.fsdecode(port)
    url = "://" in name
    try:
        # (no URL takes a write timeout)
        line = serial.serial_for_url(
            name, baud, timeout=0.01, write_timeout=None if url else 10, exclusive=None if url else True
        )
    except (serial.SerialException, OSError, ValueError, NotImplementedError) as e:
        raise PortError(f"cannot open {name}: {e}" if url else _why(name, e)) from e
    if not url:
        _mark(line, name, "TIOCEXCL")
    return line


def close_port(line: Any) -> None:
    """Closes it, and takes the mark away that others would find while somebody else has it open."""
    if line.is_open:
        _mark(line, line.port, "TIOCNXCL")
    line.close()


def _mark(line: Any, name: str, mark: str) -> None:
    # a pseudo-terminal's mark would outlive a program that is killed: its other end stays open
    if termios and hasattr(line, "fd") and not os.path.realpath(name).startswith("/dev/pts"):
        # no terminal: the lock has to do
        with suppress(OSError):
            fcntl.ioctl(line.fd, getattr(termios, mark))


def _why(name: str, e: Exception) -> str:
    number = getattr(e, "errno", None)
    if number == errno.EACCES:
        try:
            group = grp.getgrgid(os.stat(name).st_gid).gr_name
        except (OSError, KeyError):
            group = "dialout"
        return f"you may not open {name}: become a member of the group {group} (usermod -aG {group} $USER), and log in again"
    if number in (errno.EAGAIN, errno.EBUSY):
        those = holders(name)
        end = ", ".join(those) if those else f"a terminal, hopgate host, another script (root can see which: fuser -v {name})"
        return f"another program has {name}: end it first: {end}"
    if number == errno.ENOENT:
        return f"there is no port {name}: plug the board in, and look for it with: ls /dev/ttyUSB*"
    return f"cannot open {name}: {e}"


def holders(name: str) -> list[str]:
    """The programs that have a file open, as far as this user may see: `name (process 17)`."""
    path, found = os.path.realpath(name), []
    for process in sorted((p for p in _list("/proc") if p.isdigit()), key=int):
        files = f"/proc/{process}/fd"
        if any(_leads(f"{files}/{file}") == path for file in _list(files)):
            try:
                with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as file:
                    found.append(f"{file.read().strip()} (process {process})")
            except OSError:
                pass  # it has just ended
    return found


def _list(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _leads(link: str) -> Optional[str]:
    try:
        return os.readlink(link)
    except OSError:
        return None
