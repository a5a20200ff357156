"""The client against virtual boards that answer with values, classes and sequences, and with "unknown"."""

import hashlib
import json
import os
import tempfile
import unittest

import numpy as np

import hopgate
from hopgate import wire
from hopgate.memory import Memory
from virtual import PROGRAM, Virtual, run_hopgate

# what a trace calls what the client answers with
OF_ALL = {"steps": "steps", "converged": "converged", "nearest": "nearest", "distance": "distance", "known": "known"}
OF_CLASSES = {"classes": "answers", "best": "class", "second": "second", "score": "score", "margin": "margin"}
OF_KINDS = {
    "auto": {"states": "answers"},
    "map": {"values": "answers"},
    "class": OF_CLASSES,
    "sequence": {"states": "answers", "path": "path"},
}


@unittest.skipUnless(PROGRAM, "HOPGATE does not name the program")
class Kinds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        draw = np.random.default_rng(1)
        for name, n, p, m in [("map", 40, 30, 19), ("fewer", 33, 21, 3)]:
            cls.save(f"{name}.npy", draw.random((p, n)) < 0.5)
            cls.save(f"{name}-values.npy", draw.random((p, m)) < 0.5)
            run_hopgate(cls.place.name, "memory", f"{name}.npy", "--values", f"{name}-values.npy", "-o", name)
        for name, keys, classes in [("class", "map", 11), ("classes", "fewer", 3)]:
            labels = np.arange(len(np.load(cls.path(f"{keys}.npy")))) % classes
            np.save(cls.path(f"{name}-labels.npy"), labels)
            run_hopgate(cls.place.name, "memory", f"{keys}.npy", "--labels", f"{name}-labels.npy", "-o", name)
        for name, steps in [("sequence", 5), ("walk", 7)]:
            run_hopgate(cls.place.name, "memory", "map.npy", "--sequence", "--max-steps", str(steps), "-o", name)
        run_hopgate(cls.place.name, "memory", "map.npy", "-o", "auto")
        for name in ("auto", "map", "class", "sequence"):
            cls.with_radius(name, 6)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.place.name, name)

    @classmethod
    def save(cls, name, bits):
        np.save(cls.path(name), bits.astype("u1"))

    @classmethod
    def with_radius(cls, name, radius):
        """The memory again, as `NAME-near`, which knows what is this near alone: as docs/src/reference/formats.md says."""
        folder = cls.path(f"{name}-near")
        os.mkdir(folder)
        digest, old = hashlib.sha256(), cls.path(name)
        for array, kind in [("patterns", "u1"), ("planes", "u1"), ("kernel", "<u4"), ("offset", "<i4")]:
            numbers = np.load(f"{old}/{array}.npy")
            np.save(f"{folder}/{array}.npy", numbers)
            digest.update(numbers.astype(kind).tobytes())
        with open(f"{old}/manifest.json", encoding="utf-8") as file:
            manifest = json.load(file)
        digest.update(name.encode() + np.uint32(radius).tobytes())
        manifest.update(version=2, kind=name, radius=radius, sha256=digest.hexdigest())
        manifest.setdefault("outputs", manifest["neurons"])
        for gone in ("files", "manifest_sha256"):
            del manifest[gone]
        with open(f"{folder}/manifest.json", "w", encoding="utf-8") as file:
            json.dump(manifest, file)

    def board(self, memory, *options):
        return Virtual(self.place.name, self.path(memory), *options)

    def cues(self, memory, count, seed):
        """Noisy cues, and the trace that `hopgate recall` writes."""
        patterns = np.load(self.path(f"{memory}/patterns.npy"))
        draw = np.random.default_rng(seed)
        cues = patterns[np.arange(count) % len(patterns)] ^ (draw.random((count, patterns.shape[1])) < 0.15)
        self.save("cues.npy", cues)
        run_hopgate(self.place.name, "recall", memory, "--queries", "cues.npy", "--trace", "t.npz")
        with np.load(self.path("t.npz")) as trace:
            return cues, dict(trace)

    def assert_answers(self, answers, trace, kind):
        fields = {**OF_ALL, **OF_KINDS[kind]}
        for name in answers._fields:
            got = getattr(answers, name)
            if name in fields:
                np.testing.assert_array_equal(got, trace[fields[name]], err_msg=f"{kind}: {name}")
            else:
                self.assertIsNone(got, f"{kind}: {name}")

    def test_every_kind(self):
        for kind in wire.KINDS:
            with self.board(kind) as port, hopgate.Board(port) as board:
                info = board.info()
                self.assertEqual((info.kind, info.neurons, info.valid), (kind, 40, True))
                self.assertEqual(info.outputs, {"map": 19, "class": 11}.get(kind, 40))
                cues, trace = self.cues(kind, 200, 1)
                answers = board.recall(cues)
                self.assert_answers(answers, trace, kind)
                self.assertTrue(answers.known.all())
                self.assertEqual(len(board.recall(cues[0]).nearest), 1)

    def test_lists_of_the_nearest(self):
        for memory, options in [("auto", []), ("class-near", ["--parallel", "2", "--masks"])]:
            patterns = np.load(self.path(f"{memory}/patterns.npy"))
            cues, _ = self.cues(memory, 60, 3)
            run_hopgate(self.place.name, "recall", memory, "--queries", "cues.npy", "--top", "4", "--trace", "t.npz")
            with np.load(self.path("t.npz")) as trace:
                want, far = trace["ranked"], trace["ranked_distance"]
                classes = trace["ranked_class"] if memory == "class-near" else None
            lists = ["--readout", "ranked", "--ranks", "4", "--within", "5", "--no-load"]
            with self.board(memory, *lists, *options) as port, hopgate.Board(port) as board:
                self.assertEqual((board.info().room_for["ranks"], board.info().answers), (4, 4))
                answers = board.recall(cues)
                # those that are too far behind the nearest are no part of it
                there = far - far[:, :1] <= 5
                self.assertTrue(there.any(axis=0).all() and not there.all())
                np.testing.assert_array_equal(answers.ranked, np.where(there, want, -1))
                np.testing.assert_array_equal(answers.ranked_distance, np.where(there, far, -1))
                if classes is None:
                    self.assertIsNone(answers.ranked_class)
                else:
                    np.testing.assert_array_equal(answers.ranked_class, np.where(there, classes, -1))
                np.testing.assert_array_equal(answers.nearest, want[:, 0])
                np.testing.assert_array_equal(answers.distance, (cues ^ patterns[want[:, 0]]).sum(axis=1))
                self.assertTrue(answers.states is None and answers.converged.all())
                found = board.find(cues)
                np.testing.assert_array_equal(found.nearest, answers.nearest)
                np.testing.assert_array_equal(found.known, answers.known)
                if memory == "class-near":
                    np.testing.assert_array_equal(answers.known, answers.distance <= 6)

    def test_what_is_far_is_unknown(self):
        for kind in wire.KINDS:
            with self.board(f"{kind}-near") as port, hopgate.Board(port) as board:
                self.assertEqual(board.info().radius, 6)
                cues, trace = self.cues(f"{kind}-near", 200, 2)
                answers = board.recall(cues)
                self.assert_answers(answers, trace, kind)
                if kind in ("map", "class"):
                    self.assertTrue(0 < answers.known.sum() < 200, "cues that are all near or all far")
                    self.assertTrue((answers.steps == 1).all(), "bit 14 is none of the steps")
                if kind == "class":
                    np.testing.assert_array_equal(answers.classes == -1, ~answers.known)

    def test_load(self):
        """Smaller memories of the same kind, with a radius where the board has one."""
        for kind, others in [("map", ["fewer", "map-near", "map"]), ("class", ["classes", "class-near"]), ("sequence", ["walk"])]:
            with self.board(kind) as port, hopgate.Board(port) as board:
                for name in others:
                    if name.endswith("-near") and not board.info().room_for["radius"]:
                        with self.assertRaisesRegex(hopgate.DoesNotFit, "radius 6"):
                            board.load(self.path(name))
                        continue
                    info, memory = board.load(self.path(name)), Memory(self.path(name))
                    self.assertEqual((info.neurons, info.sha256, info.valid), (memory.neurons, memory.sha256, True))
                    self.assertEqual((info.outputs, info.radius), (memory.outputs, memory.radius))
                    np.testing.assert_array_equal(board.read_rows(), memory.patterns)
                    cues, trace = self.cues(name, 60, 3)
                    self.assert_answers(board.recall(cues), trace, kind)
                for other in wire.KINDS:
                    if other != kind:
                        with self.assertRaisesRegex(hopgate.DoesNotFit, f"of kind {other}, the board of kind {kind}"):
                            board.load(self.path(other))
                self.assertTrue(board.info().valid)

    def test_one_kind_after_the_other(self):
        """A board with room for several kinds answers as each memory does, and refuses a kind for which there is none."""
        room = ["--room", "kinds=map+sequence+auto,outputs=40,bits=24"]
        with self.board("class-near", *room) as port, hopgate.Board(port) as board:
            self.assertEqual(board.info().room_for["kinds"], wire.KINDS)
            for name in ["class-near", "map", "sequence", "auto", "classes", "walk", "fewer", "class-near"]:
                info, memory = board.load(self.path(name)), Memory(self.path(name))
                self.assertEqual((info.kind, info.sha256, info.valid), (memory.kind, memory.sha256, True))
                cues, trace = self.cues(name, 60, 3)
                self.assert_answers(board.recall(cues), trace, memory.kind)
                np.testing.assert_array_equal(board.find(cues).nearest, trace["nearest"])
                self.assertEqual(board.selftest(recalls=30, flips=9).recalls, 30)
        with self.board("map", "--room", "kinds=class,outputs=40") as port, hopgate.Board(port) as board:
            with self.assertRaisesRegex(hopgate.DoesNotFit, r"of kind auto, the board of kinds map\+class"):
                board.load(self.path("auto"))

    def test_selftest(self):
        for kind in ("map", "class", "sequence"):
            with self.board(kind) as port, hopgate.Board(port) as board:
                counters = board.selftest(recalls=60, flips=0)
                answers = board.recall(np.load(self.path(f"{kind}/patterns.npy")))
                self.assertEqual((counters.recalls, sum(counters.steps.values())), (60, 60))
                # 30 patterns, twice
                self.assertEqual(counters.unconverged, 2 * int((~answers.converged).sum()))
                ones = answers.values if kind == "map" else answers.path
                if kind != "class":
                    self.assertEqual(counters.wrong_neurons, 2 * int(ones.sum()))

    def test_noise_loses_nothing(self):
        for kind in ("class", "sequence"):
            with self.board(kind, "--byte-errors", "0.01", "--seed", "5") as port:
                with hopgate.Board(port, timeout=0.1, tries=100) as board:
                    cues, trace = self.cues(kind, 300, 4)
                    self.assert_answers(board.recall(cues), trace, kind)

    def test_answers_that_cannot_be(self):
        wrong = {
            "auto": [(3, 0), (3, 31), (4, 30), (5, 41)],
            "map": [(2, 2), (3, 30)],
            "class": [(0, 11), (1, 11), (6, 2)],
            "sequence": [(3, 2), (9, 1)],
            "class-near": [(6, 0xC001)],
        }
        for memory, places in wrong.items():
            with self.board(memory) as port, hopgate.Board(port) as board:
                cues = np.load(self.path(f"{memory}/patterns.npy"))[:3]
                board.recall(cues)
                exchange = board._line.exchange
                for at, word in places:
                    def changed(requests, *rest, **named):
                        replies = exchange(requests, *rest, **named)
                        if requests[0][0] == wire.RECALL:
                            replies[0] = [word if i == at else w for i, w in enumerate(replies[0])]
                        return replies

                    board._line.exchange = changed
                    with self.assertRaisesRegex(hopgate.NoAnswer, "cannot give", msg=(memory, at, word)):
                        board.recall(cues)
                board._line.exchange = exchange
                board.recall(cues)

    def test_a_manifest_that_contradicts_itself(self):
        path = self.path("class-near/manifest.json")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        good = json.loads(text)
        Memory(self.path("class-near"))
        wrong = [{name: value for name, value in good.items() if name != gone} for gone in ("kind", "outputs", "radius")]
        others = {"kind": ("classes", 1, None, ["class"]), "outputs": (0, 10, 1025), "radius": (-1, 41, 5, True), "version": (1, 3)}
        wrong += [{**good, name: value} for name, values in others.items() for value in values]
        wrong += [{**good, "kind": "auto"}, {**good, "kind": "map"}]
        try:
            for value in wrong:
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(value, file)
                with self.assertRaises(hopgate.MemoryFolderError, msg=value):
                    Memory(self.path("class-near"))
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
