"""The client against the virtual board: `HOPGATE` names the program."""

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

import numpy as np

import hopgate
import hopgate.port
from hopgate import manifest, wire
from hopgate.memory import Memory
from bridge import Bridge, rfc2217
from virtual import PROGRAM, Virtual, run_hopgate


@unittest.skipUnless(PROGRAM, "HOPGATE does not name the program")
class OnTheVirtualBoard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        for name, patterns, gamma, bits in [("a", "random:N=40,P=30,seed=1", 0.1, 2), ("b", "random:N=33,P=21,seed=2", 0.3, 1),
                                            ("wide", "random:N=64,P=20,seed=3", 0.1, 1)]:
            cls.run_hopgate("train", patterns, "--gamma", str(gamma), "-o", f"{name}.npz")
            cls.run_hopgate("quantize", f"{name}.npz", "--bits", str(bits), "-o", name)
        cls.run_hopgate("memory", "random:N=33,P=21,seed=4", "--kernel", "fixed", "-o", "fixed")

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def run_hopgate(cls, *line):
        return run_hopgate(cls.place.name, *line)

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

    def test_find(self):
        for memory, options in [("a", []), ("a", ["--masks"]), ("wide", ["--lanes", "2"])]:
            with self.board(memory, *options) as port, hopgate.Board(port) as board:
                self.assertTrue(board.info().room_for["finds"])
                cues, want = self.cues(memory, 300, 4)
                found = board.find(cues)
                np.testing.assert_array_equal(found.nearest, want[3])
                np.testing.assert_array_equal(found.distance, want[4])
                self.assertTrue(found.known.all())
                with self.assertRaisesRegex(hopgate.DoesNotFit, "cues have shape"):
                    board.find(cues[:, 1:])

    def test_keys_in_beats(self):
        """Version 2 of the protocol: rows of several beats, and cues of more words than version 1 has."""
        with self.board("a", "--lanes", "2") as port, hopgate.Board(port) as board:
            room = board.info().room_for
            self.assertEqual((room["lanes"], room["beats"]), (2, 2))
            for name in ("a", "b", "fixed"):
                if name != "a":
                    board.load(self.path(name))
                cues, want = self.cues(name, 200, 5)
                self.assert_answers(board.recall(cues), want)
                np.testing.assert_array_equal(board.read_rows(), np.load(self.path(f"{name}/patterns.npy")))
        # 1,024 words a cue
        self.run_hopgate("memory", "random:N=16384,P=3,seed=4", "--noise", "0.2", "-o", "widest")
        with self.board("widest", "--lanes", "16") as port, hopgate.Board(port) as board:
            self.assertEqual(board.info().key_words, 1024)
            cues, want = self.cues("widest", 3, 6)
            self.assert_answers(board.recall(cues), want)

    def test_masks(self):
        draw = np.random.default_rng(7)
        with self.board("a", "--masks") as port, hopgate.Board(port) as board:
            self.assertTrue(board.info().room_for["masks"])
            for name in ("a", "b", "fixed"):
                if name != "a":
                    board.load(self.path(name))
                patterns = np.load(self.path(f"{name}/patterns.npy"))
                cues, mask = patterns[:20], (draw.random((20, patterns.shape[1])) < 0.5).astype("u1")
                np.save(self.path("cues.npy"), cues)
                np.save(self.path("mask.npy"), mask)
                self.run_hopgate("recall", name, "--queries", "cues.npy", "--mask", "mask.npy", "-o", "answers.npy")
                want = np.load(self.path("answers.npy"))
                np.testing.assert_array_equal(board.recall(cues, mask=mask).states, want)
                # one row for all, and none: all is known
                np.testing.assert_array_equal(board.recall(cues, mask=np.ones(len(cues[0]))).states, board.recall(cues).states)
                # what is not known does not matter
                np.testing.assert_array_equal(board.recall(cues ^ (1 - mask), mask=mask).states, want)
            with self.assertRaisesRegex(hopgate.DoesNotFit, "mask has shape"):
                board.recall(cues, mask=mask[:7])
            with self.assertRaisesRegex(ValueError, "0 and 1"):
                board.recall(cues, mask=mask * 2)
        with self.board() as port, hopgate.Board(port) as board:
            with self.assertRaisesRegex(hopgate.DoesNotFit, "--masks"):
                board.recall(np.zeros((2, 40)), mask=np.ones(40))

    def test_noise_loses_nothing(self):
        with self.board("a", "--byte-errors", "0.01", "--seed", "5") as port, hopgate.Board(port, timeout=0.1, tries=100) as board:
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
                    if len(requests) > 1 and requests[0][0] == wire.WRITE:
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
                board._line.exchange([(wire.READ, [9, 0, 1], 1)])
            self.assertEqual(caught.exception.name, "TARGET")
            board.info()
            with self.assertRaises(hopgate.MemoryFolderError):
                board.load(self.place.name)

    def copy(self, name):
        folder = self.path("copy")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.path(name), folder)
        return folder

    def test_a_damaged_folder(self):
        folder = self.copy("b")
        patterns = np.load(f"{folder}/patterns.npy")
        for damaged in (patterns ^ (np.arange(patterns.size).reshape(patterns.shape) == 5).astype("u1"), patterns.astype("f8"), patterns[0]):
            np.save(f"{folder}/patterns.npy", damaged)
            with self.assertRaises(hopgate.MemoryFolderError):
                Memory(folder)
        with open(f"{folder}/patterns.npy", "rb") as file:
            good = file.read()
        for data in (b"", good[:50], good[:-1], b"PK\3\4" + good, b"\x93NUMPY\1\0\x10\0{((((((((((((((\n"):
            with open(f"{folder}/patterns.npy", "wb") as file:
                file.write(data)
            with warnings.catch_warnings(record=True) as left_open, self.assertRaises(hopgate.MemoryFolderError):
                warnings.simplefilter("always", ResourceWarning)
                Memory(folder)
            self.assertEqual([str(warning.message) for warning in left_open], [])

    def test_a_damaged_manifest(self):
        folder = self.copy("b")
        path = f"{folder}/manifest.json"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        good = json.loads(text)

        def write(value, rehash=True):
            lines = json.dumps(value, indent=2) + "\n"
            if rehash and isinstance(value, dict):
                value = {**value, manifest.SELF_HASH: manifest.self_hash(lines)}
                lines = json.dumps(value, indent=2) + "\n"
            with open(path, "w", encoding="utf-8") as file:
                file.write(lines)

        write(good)
        Memory(folder)
        write({name: good[name] for name in good if name not in manifest.OPTIONAL}, rehash=False)
        Memory(folder)
        write({**good, "gamma": 7.0}, rehash=False)
        with self.assertRaisesRegex(hopgate.MemoryFolderError, "damaged or edited"):
            Memory(folder)
        wrong = [[], None, 3, {}]
        wrong += [{name: good[name] for name in good if name != gone} for gone in manifest.FIELDS if gone in good and gone not in manifest.OPTIONAL]
        others = {
            "max_steps": (0, 256, 1000, -1, "x", True, 3.0, None), "kernel_mode": ("Fixed", None, ["fixed"]), "planes": (0, 17, 2),
            "neurons": (0, 1025, 34), "patterns": (0, 20), "kernel_bits": (3, 17), "accumulator_bits": (0, 33), "reach": (-1, 33, good["reach"] + 1),
            "top_plane_is_pattern": (0, not good["top_plane_is_pattern"]), "gamma": ("x", float("nan"), 10**400), "sha256": (None, "0" * 64),
            "version": (2, 3, "1"), "format": ("hopgate-model",), "files": (3,), "a_new_field": (1,),
        }
        wrong += [{**good, name: value} for name, values in others.items() for value in values]
        with self.board("b") as port, hopgate.Board(port) as board:
            before = board.info()
            for value in wrong:
                write(value)
                with self.assertRaises(hopgate.MemoryFolderError, msg=value):
                    board.load(folder)
            self.assertEqual(board.info(), before)
        for data in (b"", b"{", b"\xff", b"[" * 100_000, text.encode()[:-20]):
            with open(path, "wb") as file:
                file.write(data)
            with self.assertRaises(hopgate.MemoryFolderError):
                Memory(folder)

    def test_a_second_program_is_refused(self):
        host = [PROGRAM, "host", "--port"]
        with self.board() as port:
            with hopgate.Board(port) as board:
                with self.assertRaisesRegex(hopgate.PortError, rf"another program has .*\(process {os.getpid()}\)"):
                    hopgate.Board(port)
                done = subprocess.run([*host, port, "info"], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertRegex(done.stderr, "another program has it")
                self.assertRegex(done.stderr, rf"process\s+{os.getpid()}")
                board.info()
            # and the other way round
            other = subprocess.Popen([*host, port, "recall", "--count", "10000000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                end = time.monotonic() + 20
                while not hopgate.port.holders(port) and time.monotonic() < end:
                    time.sleep(0.02)
                time.sleep(0.1)
                with self.assertRaisesRegex(hopgate.PortError, rf"another program has .*\(process {other.pid}\)"):
                    hopgate.Board(port)
            finally:
                other.kill()
                other.wait()
            # what was killed leaves no lock behind
            with hopgate.Board(port) as board:
                self.assertEqual(board.info().patterns, 30)
            subprocess.run([*host, port, "info"], check=True, capture_output=True)

    def test_a_board_that_goes(self):
        virtual = self.board()
        with hopgate.Board(virtual.link) as board:
            virtual.process.kill()
            virtual.process.communicate()
            with self.assertRaisesRegex(hopgate.PortError, "went away"):
                board.recall(np.zeros((50, 40)))

    def test_urls(self):
        cues, want = self.cues("a", 40, 8)
        for scheme, wrap in [("socket", None), ("rfc2217", rfc2217)]:
            with self.board() as port, Bridge(port, wrap) as address, hopgate.Board(f"{scheme}://{address}") as board:
                self.assert_answers(board.recall(cues), want)
        with self.assertRaisesRegex(hopgate.PortError, "cannot open socket://127.0.0.1:1:"):
            hopgate.Board("socket://127.0.0.1:1")
        with self.assertRaisesRegex(hopgate.PortError, "cannot open nothing://here"):
            hopgate.Board("nothing://here")

    def test_two_programs_where_no_lock_helps(self):
        """Each reads what the other asked for: then it says so, or its answers are right."""
        told = []
        with self.board() as port:
            for seed in range(6):
                with Bridge(port) as address:
                    def ask(seed):
                        cues, want = asked[seed % 2]
                        try:
                            with hopgate.Board(f"socket://{address}", timeout=0.1, tries=50) as board:
                                answers = board.recall(cues)
                            told.append(all(np.array_equal(a, b) for a, b in zip(answers, want)))
                        except (hopgate.PortError, hopgate.NoAnswer) as e:
                            told.append(str(e))

                    asked = [self.cues("a", 600, 20 + 2 * seed + i) for i in range(2)]
                    programs = [threading.Thread(target=ask, args=(i,)) for i in range(2)]
                    for program in programs:
                        program.start()
                    for program in programs:
                        program.join()
        self.assertEqual(len(told), 12)
        self.assertNotIn(False, told)
        self.assertTrue(any("another program talks" in str(one) for one in told), told)

    def test_a_board_that_changes(self):
        with self.board() as port, hopgate.Board(port) as board:
            cues, want = self.cues("a", 30, 9)
            exchange = board._line.exchange

            def loading(requests, *rest, **named):
                replies = exchange(requests, *rest, **named)
                if requests[0][0] == wire.RECALL:
                    board._line.exchange = exchange
                    info = board._info
                    board.load(self.path("a"))
                    board._info = info
                return replies

            board._line.exchange = loading
            with self.assertRaisesRegex(hopgate.BoardChanged, "another memory than before"):
                board.recall(cues)
            self.assert_answers(board.recall(cues), want)

            # another row than was sent
            def other(requests, *rest, **named):
                replies = exchange(requests, *rest, **named)
                if len(requests) > 1 and requests[0][0] == wire.WRITE:
                    exchange([(wire.WRITE, [3, 0, 1, 2, 3], 0)])
                return replies

            board._line.exchange = other
            with self.assertRaisesRegex(hopgate.BoardChanged, "does not hold what was loaded"):
                board.load(self.path("a"))
            board._line.exchange = exchange
            self.assertFalse(board.info().valid)


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
