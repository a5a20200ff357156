"""The line: frames out, frames in, and whatever it takes until every request has its reply."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple, Optional

import serial

from . import frame
from .errors import BoardError, NoAnswer, NoMemory, PortError, VersionMismatch
from .page import other_version
from .port import Place, close_port, open_port
from .wire import ERROR, PAGE, READ, VERSION, WIDE_VERSION, Code

# what a bad line does to a request; anything else is the request's own fault
TRANSIENT = {Code.CRC, Code.FRAME, Code.TOO_LONG}

Words = list[int]
# a kind, the words of the body, and how many the reply has
Request = tuple[int, Words, int]
Progress = Optional[Callable[[int], object]]


class Sent(NamedTuple):
    """A request that may still be answered: its number, its kind, the words of its reply."""

    number: int
    kind: int
    words: int


class _Wider(VersionMismatch):
    """While the board is looked for: it speaks the other version that is known here."""


class Line:
    """A serial port, or anything that pyserial opens."""

    def __init__(self, port: Place, baud: int, timeout: float, tries: int) -> None:
        self.port, self.timeout, self.tries, self.baud = port, timeout, tries, baud
        self.window, self.received, self.version = 64, bytearray(), VERSION
        # in the order in which they were sent; numbers are drawn, so that another program's seldom are ours
        self.open: deque[Sent] = deque()
        self.draw = random.SystemRandom()
        # whether something damaged came since the last good reply; whether replies may be an earlier program's
        self.damage, self.greeting = False, True
        self.serial: Any = open_port(port, baud)
        try:
            self._greet()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        close_port(self.serial)

    def _greet(self) -> None:
        """Until nothing that comes later can be meant for an earlier program: replies come in the order of the requests."""
        try:
            self._ask_twice()
        except _Wider:
            # what it answered says which version it speaks
            self.version = WIDE_VERSION
            self.open.clear()
            self._ask_twice()
        self.greeting = False

    def _ask_twice(self) -> None:
        self._write(b"\0")
        self._quiet(min(self.timeout, 0.05))
        for lengths in [(9, 16), (17, 24)]:
            words = self.draw.randint(*lengths)
            self.exchange([(READ, [PAGE, 0, words], words)])

    def _gone(self, e: Exception) -> PortError:
        return PortError(f"the port {self.port} went away: {e}")

    def _write(self, data: bytes) -> None:
        try:
            self.serial.write(data)
        except (serial.SerialException, OSError) as e:
            raise self._gone(e) from e

    def _read(self) -> bytes:
        """What there is; waits a moment for the first byte."""
        try:
            data: bytes = self.serial.read(1)
            while data and self.serial.in_waiting:
                data += self.serial.read(self.serial.in_waiting)
        except (serial.SerialException, OSError) as e:
            raise self._gone(e) from e
        return data

    def _frames(self) -> list[frame.Frame]:
        """The good frames that have come since the last call."""
        self.received += self._read()
        *whole, rest = bytes(self.received).split(b"\0")
        self.received = bytearray(rest)
        found = [frame.decode(data) for data in whole if data]
        self.damage |= None in found
        return [one for one in found if one is not None]

    def _number(self) -> int:
        """A sequence number that no reply on its way can have. Never 0: that is an error that belongs to nobody."""
        if len(self.open) >= 254:
            self._quiet(self.timeout)
        taken = {sent.number for sent in self.open}
        return self.draw.choice([number for number in range(1, 256) if number not in taken])

    def _quiet(self, silence: float) -> None:
        """Waits until nothing comes any more for so long, but not for ever: no old reply is left then."""
        begun = heard = time.monotonic()
        while time.monotonic() - heard < silence and time.monotonic() - begun < 10 * self.timeout:
            if self._read():
                heard = time.monotonic()
        self.received.clear()
        self.open.clear()

    def _settle(self, reply: frame.Frame) -> bool:
        """Whether a reply is one to a request of this program; what was sent before that will not be answered any more."""
        asked = next((sent for sent in self.open if sent.number == reply.sequence), None)
        refusal = reply.kind == ERROR and (not self.greeting or reply.body[:1] == [Code.VERSION])
        fits = asked is not None and (refusal or (reply.kind, len(reply.body)) == (asked.kind, asked.words))
        if fits:
            while self.open.popleft() is not asked:
                pass
        elif not self.greeting:
            raise PortError(
                f"another program talks to the board at {self.port}: a reply came to what this one did not ask; "
                "end the other one and try again, nothing that came can be trusted"
            )
        return fits

    def _other_version(self, version: int) -> VersionMismatch:
        wider = self.greeting and (self.version, version) == (VERSION, WIDE_VERSION)
        error = other_version(version)
        return _Wider(str(error)) if wider else error

    def exchange(self, requests: Sequence[Request], patience: float = 0.0, progress: Progress = None) -> list[Words]:
        """The replies' bodies of `requests` (kind, body, words of the reply), in their order.

        As many are on their way as the board's window holds. What is hit is sent again; `patience` is what the board may need
        for one request, in seconds. Raises `BoardError` for a request that the board refuses, `NoAnswer` if nothing comes.
        """
        waiting = deque(range(len(requests)))
        replies: list[Words] = [[] for _ in requests]
        flying: deque[tuple[int, int]] = deque()
        tries, space, done = [0] * len(requests), self.window, 0
        bytes_out = max((len(body) * 2 + 10 + size * 2 + 10 for _, body, size in requests), default=0)
        heard = time.monotonic()
        while done < len(requests):
            while waiting and frame.cost(requests[waiting[0]][1]) <= space:
                index = waiting.popleft()
                kind, body, words = requests[index]
                tries[index] += 1
                if tries[index] > self.tries:
                    raise NoAnswer(
                        f"{self.port}: no answer to a request that was sent {self.tries} times; is this the board's port, "
                        f"is it a hopgate board with --protocol framed, and is {self.baud} its baud rate?"
                    )
                number = self._number()
                if not flying:
                    heard = time.monotonic()
                space -= frame.cost(body)
                flying.append((number, index))
                self.open.append(Sent(number, kind, words))
                self._write(frame.encode(kind, number, body, version=self.version))
            hit = False
            for reply in self._frames():
                if not reply.reply:
                    continue
                if reply.version != self.version:
                    raise self._other_version(reply.version)
                heard = time.monotonic()
                if reply.kind == ERROR and reply.sequence == 0:
                    self.damage = hit = True
                    continue
                if not self._settle(reply):
                    continue
                # of a reply that leaves out others something must tell: else it may be another program's, which has ours
                damage, self.damage = self.damage, False
                at = next((i for i, (number, _) in enumerate(flying) if number == reply.sequence), None)
                if at is None:
                    continue
                for _ in range(at):
                    _, lost = flying.popleft()
                    space += frame.cost(requests[lost][1])
                    waiting.append(lost)
                _, index = flying.popleft()
                space += frame.cost(requests[index][1])
                if at > 0 and not damage:
                    waiting.append(index)
                elif reply.kind == ERROR:
                    code, detail = (reply.body + [0, 0])[:2]
                    if code == Code.VERSION:
                        raise self._other_version(detail)
                    if code not in TRANSIENT:
                        raise (NoMemory if code == Code.INVALID else BoardError)(code, detail)
                    waiting.append(index)
                else:
                    replies[index], done = reply.body, done + 1
                    if progress:
                        progress(done)
            late = self.timeout + patience * max(len(flying), 1) + bytes_out * 10 / self.baud
            if flying and (time.monotonic() - heard > late or (hit and len(flying) == 1)):
                while flying:
                    _, lost = flying.popleft()
                    waiting.append(lost)
                space = self.window
                self._write(b"\0")
                heard = time.monotonic()
        return replies
