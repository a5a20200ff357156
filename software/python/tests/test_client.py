"""The client against frames, and against the virtual board: `HOPGATE` names the program."""

import json
import os
import pty
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy as np

import hopgate
from hopgate import frame
from hopgate.memory import Memory

PROGRAM = os.environ.get("HOPGATE", "")


class Frames(unittest.TestCase):
    def test_cobs_there_and_back(self):
        draw = random.Random(1)
        samples = [b"", b"\0", b"\0\0", bytes(range(1, 255)), bytes(range(1, 256)), bytes([1]) * 253 + b"\0", bytes([7]) * 600]
        samples += [bytes(draw.choice([0, 0, 1, 255]) for _ in range(draw.randrange(700))) for _ in range(300)]
        for sample in samples:
            coded = frame.cobs(sample)
            self.assertNotIn(0, coded)
            self.assertEqual(frame.uncobs(coded), sample)
            # an encoder may add an empty last block behind a full one
            self.assertEqual(frame.uncobs(frame.cobs(sample[:254].replace(b"\0", b"\1"))), sample[:254].replace(b"\0", b"\1"))
        full = bytes([9]) * 254
        self.assertEqual(frame.uncobs(b"\xff" + full + b"\x01"), frame.uncobs(b"\xff" + full))

    def test_known_bytes(self):
        self.assertEqual(frame.cobs(b"\x11\x22\0\x33"), b"\x03\x11\x22\x02\x33")
        self.assertIsNone(frame.uncobs(b"\x05\x11"))
        self.assertIsNone(frame.uncobs(b"\x03\x11\0"))

    def test_a_hit_frame_is_none(self):
        whole = frame.encode(frame.RECALL, 77, [1, 2, 0xFFFF], reply=True)[:-1]
        self.assertEqual(frame.decode(whole), (frame.RECALL, 1, True, 77, [1, 2, 0xFFFF]))
        for at in range(len(whole)):
            for bit in range(8):
                hit = bytearray(whole)
                hit[at] ^= 1 << bit
                self.assertIsNone(frame.decode(bytes(hit)), (at, bit))


class Virtual:
    """`hopgate board`, running, with a link to its port."""

    def __init__(self, folder, memory, *options):
        self.link = os.path.join(folder, "port")
        line = [PROGRAM, "board", memory, "--pty", "--level", "software", "--link", self.link, *options]
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + 20
        while not os.path.exists(self.link):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(self.process.stderr.read().decode())
            time.sleep(0.02)

    def __enter__(self):
        return self.link

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)


@unittest.skipUnless(PROGRAM, "HOPGATE does not name the program")
class OnTheVirtualBoard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        for name, patterns, gamma, bits in [("a", "random:N=40,P=30,seed=1", 0.1, 2), ("b", "random:N=33,P=21,seed=2", 0.3, 1),
                                            ("wide", "random:N=64,P=20,seed=3", 0.1, 1)]:
            cls.run_hopgate("train", patterns, "--gamma", str(gamma), "-o", f"{name}.npz")
            cls.run_hopgate("quantize", f"{name}.npz", "--bits", str(bits), "-o", name)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def run_hopgate(cls, *line):
        done = subprocess.run([PROGRAM, "-q", *line], cwd=cls.place.name, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def path(self, name):
        return os.path.join(self.place.name, name)

    def board(self, memory="a", *options):
        return Virtual(self.place.name, self.path(memory), *options)

    def cues(self, memory, count, seed):
        """Noisy cues, and what `hopgate recall` answers."""
        patterns = np.load(self.path(f"{memory}/patterns.npy"))
        draw = np.random.default_rng(seed)
        cues = patterns[np.arange(count) % len(patterns)] ^ (draw.random((count, patterns.shape[1])) < 0.15)
        np.save(self.path("cues.npy"), cues.astype("u1"))
        self.run_hopgate("recall", memory, "--queries", "cues.npy", "--trace", "t.npz", "-o", "answers.npy")
        with np.load(self.path("t.npz")) as trace:
            rest = [trace[name] for name in ("steps", "converged", "nearest", "distance")]
        return cues, [np.load(self.path("answers.npy")), *rest]

    def assert_answers(self, answers, want):
        for got, want in zip(answers, want):
            np.testing.assert_array_equal(got, want)

    def test_info_and_recall(self):
        with self.board() as port, hopgate.Board(port) as board:
            info = board.info()
            self.assertEqual((info.neurons, info.patterns, info.planes, info.valid), (40, 30, 2, True))
            with open(self.path("a/manifest.json"), encoding="utf-8") as file:
                self.assertEqual(info.sha256, json.load(file)["sha256"])
            cues, want = self.cues("a", 500, 1)
            self.assert_answers(board.recall(cues), want)
            self.assertEqual(len(board.recall(cues[0]).states), 1)
            self.assertGreater(np.sum(np.array(want[1]) > 2), 0, "cues that are too easy")

    def test_noise_loses_nothing(self):
        with self.board("a", "--noise", "0.01", "--seed", "5") as port, hopgate.Board(port, timeout=0.1, tries=100) as board:
            cues, want = self.cues("a", 2000, 2)
            self.assert_answers(board.recall(cues), want)
            np.testing.assert_array_equal(board.read_rows(), np.load(self.path("a/patterns.npy")))
            board.load(self.path("b"))
            cues, want = self.cues("b", 300, 3)
            self.assert_answers(board.recall(cues), want)

    def test_load_and_read(self):
        with self.board() as port, hopgate.Board(port) as board:
            for name in ("b", "a", "b"):
                info = board.load(self.path(name))
                memory = Memory(self.path(name))
                self.assertEqual((info.neurons, info.sha256, info.valid), (memory.neurons, memory.sha256, True))
                np.testing.assert_array_equal(board.read_rows(), memory.patterns)
                cues, want = self.cues(name, 100, 4)
                self.assert_answers(board.recall(cues), want)
            with self.assertRaisesRegex(hopgate.DoesNotFit, "64 neurons"):
                board.load(self.path("wide"))
            self.assertTrue(board.info().valid)

    def test_a_load_that_is_cut_off(self):
        with self.board() as port, hopgate.Board(port) as board:
            cues, want = self.cues("a", 20, 6)
            exchange = board._line.exchange
            for kept in (0, 7, 25):
                def cut(requests, *rest, **named):
                    if len(requests) > 1 and requests[0][0] == frame.WRITE:
                        exchange(requests[:kept])
                        raise KeyboardInterrupt
                    return exchange(requests, *rest, **named)

                board._line.exchange = cut
                with self.assertRaises(KeyboardInterrupt):
                    board.load(self.path("a"))
                board._line.exchange = exchange
                with self.assertRaisesRegex(hopgate.NoMemory, "load one"):
                    board.recall(cues)
                self.assertFalse(board.info().valid)
            board.load(self.path("a"))
            self.assert_answers(board.recall(cues), want)

    def test_selftest(self):
        with self.board() as port, hopgate.Board(port) as board:
            counters = board.selftest(recalls=300, flips=0)
            self.assertEqual((counters.recalls, sum(counters.steps.values())), (300, 300))
            noisy = board.selftest(recalls=300, flips=60, seed=9)
            self.assertEqual(noisy, board.selftest(recalls=300, flips=60, seed=9))
            self.assertLess(noisy.right, counters.right)

    def test_what_is_refused(self):
        with self.board() as port, hopgate.Board(port) as board:
            with self.assertRaisesRegex(hopgate.DoesNotFit, "40 neurons"):
                board.recall(np.zeros((3, 41)))
            with self.assertRaises(ValueError):
                board.recall(np.full((1, 40), -1))
            with self.assertRaises(hopgate.BoardError) as caught:
                board._line.exchange([(frame.READ, [9, 0, 1], 1)])
            self.assertEqual(caught.exception.name, "TARGET")
            board.info()
            with self.assertRaises(hopgate.MemoryFolderError):
                board.load(self.place.name)

    def test_a_damaged_folder(self):
        folder = self.path("damaged")
        subprocess.run(["cp", "-r", self.path("b"), folder], check=True)
        patterns = np.load(f"{folder}/patterns.npy")
        patterns[0, 0] ^= 1
        np.save(f"{folder}/patterns.npy", patterns)
        with self.assertRaisesRegex(hopgate.MemoryFolderError, "damaged"):
            Memory(folder)


class Ports(unittest.TestCase):
    def test_no_such_port(self):
        with self.assertRaisesRegex(hopgate.PortError, "there is no port /dev/nowhere"):
            hopgate.Board("/dev/nowhere")

    @unittest.skipIf(os.getuid() == 0, "root may open everything")
    def test_no_permission(self):
        with tempfile.NamedTemporaryFile() as file:
            os.chmod(file.name, 0)
            with self.assertRaisesRegex(hopgate.PortError, "become a member of the group"):
                hopgate.Board(file.name)

    def test_nothing_answers(self):
        ours, theirs = pty.openpty()
        try:
            with self.assertRaisesRegex(hopgate.NoAnswer, "sent 2 times"):
                hopgate.Board(os.ttyname(theirs), timeout=0.05, tries=2)
        finally:
            os.close(ours)
            os.close(theirs)


if __name__ == "__main__":
    sys.exit(unittest.main())
