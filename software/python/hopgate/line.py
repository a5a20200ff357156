"""The line: frames out, frames in, and whatever it takes until every request has its reply."""

import errno
import grp
import os
import time
from collections import deque

import serial

from . import frame
from .errors import BoardError, NoAnswer, NoMemory, PortError, VersionMismatch

# what a bad line does to a request; anything else is the request's own fault
TRANSIENT = {1, 2, 3}


class Line:
    """A serial port, or anything that pyserial opens."""

    def __init__(self, port, baud, timeout, tries):
        self.port, self.timeout, self.tries, self.baud = port, timeout, tries, baud
        self.window, self.sequence, self.received = 64, 0, bytearray()
        # numbers that were sent and may still be answered, in their order
        self.open = deque()
        try:
            self.serial = serial.Serial(port, baud, timeout=0.01, write_timeout=10)
        except (serial.SerialException, OSError, ValueError) as e:
            raise PortError(self._why(e)) from e
        self._write(b"\0")

    def close(self):
        self.serial.close()

    def _why(self, e):
        number = getattr(e, "errno", None)
        if number == errno.EACCES:
            try:
                group = grp.getgrgid(os.stat(self.port).st_gid).gr_name
            except (OSError, KeyError):
                group = "dialout"
            return f"you may not open {self.port}: become a member of the group {group} (usermod -aG {group} $USER), and log in again"
        if number == errno.ENOENT or not os.path.exists(str(self.port)):
            return f"there is no port {self.port}: plug the board in, and look for it with: ls /dev/ttyUSB*"
        return f"cannot open {self.port}: {e}"

    def _gone(self, e):
        return PortError(f"the port {self.port} went away: {e}")

    def _write(self, data):
        try:
            self.serial.write(data)
        except (serial.SerialException, OSError) as e:
            raise self._gone(e) from e

    def _frames(self):
        """What has come since the last call; waits a moment for the first byte."""
        try:
            self.received += self.serial.read(max(1, self.serial.in_waiting))
        except (serial.SerialException, OSError) as e:
            raise self._gone(e) from e
        *whole, rest = bytes(self.received).split(b"\0")
        self.received = bytearray(rest)
        return [found for found in (frame.decode(data) for data in whole if data) if found is not None]

    def _number(self):
        """A sequence number that no reply on its way can have. Never 0: that is an error that belongs to nobody."""
        following = self.sequence % 255 + 1
        if following in self.open:
            self._quiet()
        self.sequence = following
        return following

    def _quiet(self):
        """Waits until nothing comes any more, so that no old reply is left."""
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            try:
                if self.serial.read(4096):
                    end = time.monotonic() + self.timeout
            except (serial.SerialException, OSError) as e:
                raise self._gone(e) from e
        self.received.clear()
        self.open.clear()

    def exchange(self, requests, patience=0.0, progress=None):
        """The replies' bodies of `requests` (kind, body, words of the reply), in their order.

        As many are on their way as the board's window holds. What is hit is sent again; `patience` is what the board may need
        for one request, in seconds. Raises `BoardError` for a request that the board refuses, `NoAnswer` if nothing comes.
        """
        waiting, flying, replies = deque(range(len(requests))), deque(), [None] * len(requests)
        tries, space, done = [0] * len(requests), self.window, 0
        bytes_out = max((len(body) * 2 + 10 + words * 2 + 10 for _, body, words in requests), default=0)
        heard = time.monotonic()
        while done < len(requests):
            while waiting and frame.cost(requests[waiting[0]][1]) <= space:
                index = waiting.popleft()
                kind, body, _ = requests[index]
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
                self.open.append(number)
                self._write(frame.encode(kind, number, body))
            hit = False
            for reply in self._frames():
                if not reply.reply:
                    continue
                if reply.version != frame.VERSION:
                    raise VersionMismatch(f"the board speaks version {reply.version} of the protocol, this client {frame.VERSION}")
                heard = time.monotonic()
                if reply.kind == frame.ERROR and reply.sequence == 0:
                    hit = True
                    continue
                if reply.sequence in self.open:
                    # replies come in the order of the requests: whatever was sent before is answered or lost
                    while self.open.popleft() != reply.sequence:
                        pass
                at = next((i for i, (number, _) in enumerate(flying) if number == reply.sequence), None)
                if at is None:
                    continue
                for _ in range(at):
                    _, lost = flying.popleft()
                    space += frame.cost(requests[lost][1])
                    waiting.append(lost)
                _, index = flying.popleft()
                kind, body, words = requests[index]
                space += frame.cost(body)
                if reply.kind == frame.ERROR:
                    code, detail = (reply.body + [0, 0])[:2]
                    if code not in TRANSIENT:
                        self._forget(flying)
                        raise (NoMemory if code == 9 else BoardError)(code, detail)
                    waiting.append(index)
                elif reply.kind != kind or len(reply.body) != words:
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

    def _forget(self, flying):
        if flying:
            self._quiet()
