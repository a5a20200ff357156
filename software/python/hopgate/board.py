"""The board: what a program calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import page
from .answers import Answers, answers_of, cue_words
from .errors import BoardChanged, BoardError, DoesNotFit, NoAnswer, NoMemory
from .line import Line, Progress, Request
from .memory import Memory
from .port import Place
from .wire import (
    ANY_CLASS,
    BEGIN,
    CLASS,
    COMMIT,
    FIND,
    FORGET,
    FOUND_UNKNOWN,
    FOUND_WORDS,
    FULL,
    INFO_WORDS,
    LEARN,
    MASKED,
    MOST_COUNTED_STEPS,
    PAGE,
    PAGE_WORDS,
    READ,
    RECALL,
    ROWS,
    SELFTEST,
    STORE,
    STORED,
    VALUES,
    WRITE,
    Code,
    Counter,
)


@dataclass(frozen=True)
class Counters:
    """What a self-test counted. Of other kinds than `auto`, `wrong_neurons` are the ones of the answers, and `right` the answers
    without any: the board does not know what they should be. `steps[s]` is the number of recalls of `s` steps; 31 stands for more too. Every eighth
    cycle is counted: `cycles` is a multiple of eight."""

    recalls: int
    right: int
    wrong_neurons: int
    unconverged: int
    nearest_right: int
    cycles: int
    steps: dict[int, int]


class Stored(NamedTuple):
    """What came of a key: `verdict` is `stored`, `known` or `full`; `pattern` is the one that it is, or the nearest; `distance` that
    of the nearest before, in bits. `its_class` is that of a cue which the board stored by itself. Each is None where there is none."""

    verdict: str
    pattern: Optional[int]
    distance: Optional[int]
    its_class: Optional[int] = None


class Found(NamedTuple):
    """The nearest patterns of cues, their distances, and whether these are within the memory's radius, (Q) each."""

    nearest: NDArray[np.int_]
    distance: NDArray[np.int_]
    known: NDArray[np.bool_]


class Board:
    """A hopgate board at a serial port, or at a URL that pyserial opens; the port is this program's alone while it is open.

    `timeout` is how many seconds may pass without a word from it, `tries` how often a request is sent. Use it as a
    context manager, or call `close`.
    """

    def __init__(self, port: Place, baud: int = 1_000_000, timeout: float = 0.5, tries: int = 20) -> None:
        self._line = Line(port, baud, timeout, tries)
        try:
            self._info = self.info()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Board:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the port."""
        self._line.close()

    def _read(self, target: int, address: int, count: int) -> Request:
        return (READ, [target, address, count], count)

    def info(self) -> page.Info:
        """What the board is and which memory it holds: an `Info`."""
        # of two lengths: what another program on the line asked for is not taken for the other half
        halves = self._line.exchange([self._read(PAGE, at, count) for at, count in ((0, 50), (50, 48))])
        self._info = page.Info.of(halves[0] + halves[1])
        self._line.window = self._info.window
        return self._info

    def _unchanged(self) -> None:
        """What was found must still be there: a program that loads, or a new configuration, puts something else in its place."""
        before = self._info
        if self.info() != before:
            raise BoardChanged(
                "the board holds another memory than before: another program loaded one, or it was configured anew; ask again"
            )

    def _asked(self, cues: ArrayLike, mask: Optional[ArrayLike]) -> NDArray[np.uint16]:
        """The words of cues, (Q, words of each), with those of their mask where the board takes one."""
        info, cues = self._info, np.atleast_2d(np.asarray(cues))
        if not info.valid:
            raise NoMemory(Code.INVALID, 0)
        if cues.ndim != 2 or cues.shape[1] != info.neurons:
            raise DoesNotFit(f"the cues have shape {cues.shape}, but the board's memory has {info.neurons} neurons")
        if not np.all((cues == 0) | (cues == 1)):
            raise ValueError("cues are 0 and 1")
        words = cue_words(info, cues)
        if mask is not None:
            mask = np.atleast_2d(np.asarray(mask))
            if not info.room_for["masks"]:
                raise DoesNotFit("a mask was given, but the board takes every bit as known: build one with --masks")
            if mask.ndim != 2 or mask.shape[1] != info.neurons or len(mask) not in (1, len(cues)):
                raise DoesNotFit(f"the mask has shape {mask.shape}, but the cues have {cues.shape}")
            if not np.all((mask == 0) | (mask == 1)):
                raise ValueError("a mask is 0 and 1")
        if info.room_for["masks"]:
            known = np.ones(cues.shape, "u1") if mask is None else np.broadcast_to(mask, cues.shape)
            words = np.hstack([words, cue_words(info, known)])
        return words

    def recall(self, cues: ArrayLike, progress: Progress = None, *, mask: Optional[ArrayLike] = None) -> Answers:
        """Recalls cues, (Q, N) or (N) of 0 and 1, and returns `Answers`; `progress(done)` is told how many requests are done.

        `mask`, (Q, N) or (N) of 0 and 1, says which of their bits are known (1); one row serves all cues. It takes a board that was
        built with masks.

        Raises `NoMemory` while no valid memory is loaded, `DoesNotFit` for cues or masks of another shape, and for a mask where the
        board takes none, `BoardChanged` if the memory
        is another one when all is answered.
        """
        info, words = self._info, self._asked(cues, mask)
        size, kind = info.reply_words, MASKED if info.room_for["masks"] else RECALL
        # short frames pass a bad line, and two of them fit the window
        batch = max(1, min(4, (info.window // 2 - 4) // words.shape[1], 64 // size))
        requests = []
        for at in range(0, len(words), batch):
            part = words[at : at + batch]
            requests.append((kind, part.ravel().tolist(), size * len(part)))
        replies = self._line.exchange(requests, batch * info.longest_recall(), progress)
        flat = np.array([w for reply in replies for w in reply], "<u2").reshape(len(words), info.answers, -1)
        answers = answers_of(info, flat)
        self._unchanged()
        return answers

    def find(self, cues: ArrayLike, progress: Progress = None, *, mask: Optional[ArrayLike] = None) -> Found:
        """The nearest pattern of each cue, (Q, N) or (N) of 0 and 1, and nothing else: replies of four bytes a cue, in frames of many.

        `mask` and errors are those of `recall`. A board of an earlier release says more, which is left out here.
        """
        info = self._info
        if not info.room_for["finds"]:
            answers = self.recall(cues, progress, mask=mask)
            return Found(answers.nearest, answers.distance, answers.known)
        words = self._asked(cues, mask)
        # half of the window, so that the next request is received meanwhile; not so long that a bad line passes none
        batch = max(1, min(info.window // 2 - 4, 64) // words.shape[1])
        parts = [words[at : at + batch] for at in range(0, len(words), batch)]
        size = FOUND_WORDS * info.answers
        requests = [(FIND, part.ravel().tolist(), size * len(part)) for part in parts]
        replies = self._line.exchange(requests, batch * info.longest_recall(), progress)
        flat = np.array([w for reply in replies for w in reply], "<u2").reshape(len(words), info.answers, FOUND_WORDS)
        # of a sequence the last answer's, of a list the first one's
        which = 0 if info.room_for["ranks"] else -1
        nearest, last = flat[:, which, 0].astype(int), flat[:, which, 1].astype(int)
        distance, known = last & ~FOUND_UNKNOWN, last & FOUND_UNKNOWN == 0
        right = (nearest < info.patterns) & (distance <= info.neurons)
        if not np.all(right & (known == (distance <= info.radius))):
            raise NoAnswer("the board finds what its memory cannot give: is it damaged, or does it miss its clock?")
        self._unchanged()
        return Found(nearest, distance, known)

    def load(self, folder: Place, progress: Progress = None) -> page.Info:
        """Loads a memory folder. Until it is done, the board holds no valid memory.

        Raises `MemoryFolderError`, or `DoesNotFit` with the reason; the board is then as it was. Raises `BoardChanged` if
        something else is there afterwards.
        """
        memory, info = Memory(folder), self.info()
        writes = [(WRITE, [w.target, w.address, *map(int, w.words)], 0) for w in memory.writes(info)]
        # neither 0 nor what begin or commit holds, so that every load changes it
        number = next(n for n in ((info.begin + i) & 0xFFFF for i in (1, 2, 3)) if n not in (0, info.commit))
        self._line.exchange([(WRITE, [PAGE, BEGIN, number], 0)])
        self._line.exchange(writes, progress=progress)
        # what is there now is read back before it counts
        wanted = [body[2:] for _, body, _ in writes]
        there = self._line.exchange([self._read(body[0], body[1], len(body) - 2) for _, body, _ in writes])
        if there == wanted:
            self._line.exchange([(WRITE, [PAGE, COMMIT, number], 0)])
        info = self.info()
        if there != wanted or (info.begin, info.commit, info.sha256) != (number, number, memory.sha256):
            raise BoardChanged("the board does not hold what was loaded: does another program load too? Load again")
        return info

    def read_rows(self, plane: Optional[int] = None) -> NDArray[np.uint8]:
        """The patterns that the board holds, uint8 (P, N), or the rows of a stored plane."""
        info = self.info()
        room = info.room_for
        base = 0 if plane is None else (plane + 1) * room["groups"]
        banks, lanes, beats = room["banks"], room["lanes"], room["beats"]
        requests = [
            self._read(ROWS | mu % banks << 8, beats * (base + mu // banks) + beat, lanes)
            for mu in range(info.patterns)
            for beat in range(beats)
        ]
        words = np.array(self._line.exchange(requests), "<u2").reshape(info.patterns, beats * lanes)
        self._unchanged()
        return np.unpackbits(words.view("u1"), axis=1, bitorder="little")[:, : info.neurons]

    def store(self, keys: ArrayLike, classes: Optional[ArrayLike] = None) -> list[Stored]:
        """Stores keys, (T, N) or (N) of 0 and 1, with their `classes`, (T) or one number, where the memory has classes: a `Stored` for each.

        A key that is known changes nothing. Raises `DoesNotFit` for keys of another shape, for classes that the memory does not have, and
        where the board does not learn.
        """
        info, keys = self._keys_to_learn(keys)
        if (classes is not None) != (info.kind == CLASS):
            raise DoesNotFit(f"the board is of kind {info.kind}: {'which classes?' if classes is None else 'it has no classes'}")
        numbers = np.broadcast_to(np.asarray(0 if classes is None else classes), len(keys))
        if classes is not None and not np.all((numbers >= 0) & (numbers < info.outputs)):
            raise DoesNotFit(f"the board has classes 0 to {info.outputs - 1}")
        done = []
        for key, number in zip(cue_words(info, keys), numbers):
            before = self._info.patterns
            body = ([] if classes is None else [int(number)]) + key.tolist()
            # one at a time: what is sent again must not come behind the next one
            ((status, nearest, distance),) = self._line.exchange([(STORE, body, INFO_WORDS)], info.longest_recall())
            # a request whose reply was lost is sent again, and finds its own pattern
            again = not status & STORED and nearest == before and distance == 0
            if status & STORED or again:
                done.append(Stored("stored", before, None if before == 0 or again else distance))
                self.info()
            else:
                done.append(Stored("full", None, distance) if status & FULL else Stored("known", nearest, distance))
        return done

    def learn(self, cues: ArrayLike, classes: Optional[ArrayLike] = None) -> list[Stored]:
        """Recalls cues, (T, N) or (N) of 0 and 1, and stores each whose answer is unknown: a `Stored` for each, with its class.

        Where the memory has classes, a cue that is stored is of its of `classes`, (T) or one number, or without them of the least class that
        no pattern has.
        Raises `DoesNotFit` for cues of another shape, for classes that the board does not have, and where the board does not store unknown cues.
        """
        info, cues = self._keys_to_learn(cues)
        if not info.room_for["auto_store"]:
            raise DoesNotFit("this board stores nothing by itself: build one with --learn --auto-store")
        if classes is not None and info.kind != CLASS:
            raise DoesNotFit(f"the board is of kind {info.kind}: it has no classes")
        outputs = info.room_for["outputs"]
        numbers = np.broadcast_to(np.asarray(ANY_CLASS if classes is None else classes), len(cues))
        if classes is not None and not np.all((numbers >= 0) & (numbers < outputs)):
            raise DoesNotFit(f"the board has classes 0 to {outputs - 1}")
        done = []
        for cue, number in zip(cue_words(info, cues), numbers):
            before = self._info.patterns
            body = ([int(number)] if info.kind == CLASS else []) + cue.tolist()
            patience = info.longest_recall() + info.longest_seek()
            (reply,) = self._line.exchange([(LEARN, body, info.reply_words)], patience)
            status, nearest, distance = reply[-INFO_WORDS:]
            # a request whose reply was lost is sent again, and finds its own pattern
            again = not status & STORED and nearest == before and distance == 0
            if not (status & STORED or again):
                done.append(Stored("full", None, distance) if status & FULL else Stored("known", nearest, distance))
                continue
            its_class = None
            if info.kind == CLASS:
                # which one the board chose, its row of values says
                (row,) = self._line.exchange([self._read(VALUES, before, -(-outputs // 16))])
                its_class = next(16 * at + word.bit_length() - 1 for at, word in enumerate(row) if word)
            done.append(Stored("stored", before, None if before == 0 or again else distance, its_class))
            self.info()
        return done

    def _keys_to_learn(self, keys: ArrayLike) -> tuple[page.Info, NDArray[Any]]:
        """The board, which learns, and keys that fit it."""
        info, keys = self.info(), np.atleast_2d(np.asarray(keys))
        self._must_learn(info)
        if keys.ndim != 2 or keys.shape[1] != info.neurons:
            raise DoesNotFit(f"the keys have shape {keys.shape}, but the board's memory has {info.neurons} neurons")
        if not np.all((keys == 0) | (keys == 1)):
            raise ValueError("keys are 0 and 1")
        return info, keys

    def forget(self, pattern: int) -> page.Info:
        """Forgets a pattern: the last one takes its place. Raises `DoesNotFit` for a pattern that is not there, and where the board does
        not learn."""
        info = self.info()
        self._must_learn(info)
        if not 0 <= pattern < info.patterns:
            raise DoesNotFit(f"pattern {pattern} cannot be forgotten: the board holds {info.patterns}")
        try:
            self._line.exchange([(FORGET, [pattern, info.patterns], 0)], 2 * info.longest_recall())
        except BoardError:
            # a request whose reply was lost is sent again, and refused: it was carried out before
            if self.info().patterns != info.patterns - 1:
                raise
        return self.info()

    @staticmethod
    def _must_learn(info: page.Info) -> None:
        if not info.room_for["learns"]:
            raise DoesNotFit("this board does not learn: build one with --learn")
        if not info.valid:
            raise NoMemory(Code.INVALID, 0)

    def selftest(self, recalls: int = 1000, first: int = 0, flips: int = 0, seed: int = 1) -> Counters:
        """The board recalls its own patterns, each neuron flipped with probability `flips / 256`: `Counters`."""
        info = self._info
        if not 1 <= recalls <= 65535 or not 0 <= flips <= 255:
            raise ValueError("recalls are 1 to 65535, flips 0 to 255")
        body = [recalls, first, flips, seed & 0xFFFF, seed >> 16 & 0xFFFF]
        self._line.exchange([(SELFTEST, body, 0)], patience=recalls * (info.longest_recall() + info.longest_count()))
        (words,) = self._line.exchange([self._read(PAGE, Counter.FIRST, PAGE_WORDS - Counter.FIRST)])
        self._unchanged()

        def number(at: int) -> int:
            return page.long(words, at - Counter.FIRST)

        counted = ((s, number(Counter.STEPS + 2 * s)) for s in range(1, MOST_COUNTED_STEPS + 1))
        return Counters(
            number(Counter.RECALLS), number(Counter.EXACT), number(Counter.WRONG_NEURONS), number(Counter.NOT_CONVERGED),
            number(Counter.NEAREST), 8 * number(Counter.CYCLES), {s: count for s, count in counted if count},
        )
