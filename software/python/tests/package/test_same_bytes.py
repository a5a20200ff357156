"""Models, memories, Verilog and answers are those of the command line, byte for byte."""

import hashlib

import numpy as np
import pytest

import hopgate


def sha256(path):
    """Of a file, or of every file of a folder by its name."""
    if path.is_dir():
        return {file.name: sha256(file) for file in sorted(path.iterdir())}
    return hashlib.sha256(path.read_bytes()).hexdigest()


def same(tmp_path, made, line, hopgate_run, name):
    """What Python made is what the line makes; `name` is what the line calls its output."""
    ours = tmp_path / ("ours" + (".npz" if name.endswith(".npz") else ""))
    made.save(ours)
    hopgate_run(f"{line} -o {name}")
    assert sha256(ours) == sha256(tmp_path / name)


PATTERNS = [
    ("random:N=24,P=40,seed=1", "--gamma 0.3", {"gamma": 0.3}),
    ("random:N=24,P=40,seed=1", "--gamma auto --noise 0.05 --seed 3", {"noise": 0.05, "seed": 3}),
    ("random:N=24,P=40,seed=1", "--gamma noise:0.1 --lambda 0.5", {"gamma": "noise:0.1", "lambda_": 0.5}),
    ("digits", "--gamma 0.1 --method gd --epochs 20 --rate 0.05", {"gamma": 0.1, "method": "gd", "epochs": 20, "rate": 0.05}),
]


@pytest.mark.parametrize(("spec", "options", "keywords"), PATTERNS)
def test_models_of_patterns(tmp_path, hopgate_run, spec, options, keywords):
    same(tmp_path, hopgate.train(spec, **keywords), f"train {spec} {options}", hopgate_run, "model.npz")


@pytest.mark.parametrize(
    ("options", "keywords"),
    [
        ("--bits 2 --scheme shared", {"bits": 2, "scheme": "shared"}),
        ("--bits 3 --scheme uniform --kernel fixed --kernel-bits 10", {"bits": 3, "scheme": "uniform", "kernel": "fixed", "kernel_bits": 10}),
        ("--bits 1 --scheme tuned --corruption dropout:0.2 --seed 5", {"bits": 1, "corruption": "dropout:0.2", "seed": 5}),
        ("--bits 2 --scheme tuned --radius 9 --max-steps 4", {"radius": 9, "max_steps": 4}),
    ],
)
def test_memories_of_patterns(tmp_path, hopgate_run, options, keywords):
    model = hopgate.train("random:N=24,P=40,seed=1", gamma=0.3)
    model.save(tmp_path / "model.npz")
    same(tmp_path, model.quantize(**keywords), f"quantize model.npz {options}", hopgate_run, "memory")


def test_arrays_are_as_files(tmp_path, hopgate_run, samples):
    keys = samples[0][:50]
    np.save(tmp_path / "mine.npy", keys)
    for array in (keys, keys.astype(bool), keys * 2.0 - 1, keys.astype("i8"), np.asfortranarray(keys), keys[::-1][::-1]):
        made = hopgate.train(array, gamma=0.1, source="mine.npy")
        same(tmp_path, made, "train mine.npy --gamma 0.1", hopgate_run, "model.npz")
    same(tmp_path, hopgate.Memory.training_free(keys, source="mine.npy"), "memory mine.npy", hopgate_run, "memory")


@pytest.mark.parametrize("names", [False, True])
def test_classes(tmp_path, hopgate_run, samples, names):
    keys, labels, _ = samples
    np.save(tmp_path / "keys.npy", keys)
    if names:
        labels = np.array(["ant", "bee", "cat", "dog"])[labels]
    (tmp_path / "labels.txt").write_text("".join(f"{label}\n" for label in labels))
    model = hopgate.train(keys, labels, centres=20, source="keys.npy")
    same(tmp_path, model, "train keys.npy --labels labels.txt --centres 20", hopgate_run, "model.npz")
    given = "--keys keys.npy --labels labels.txt"
    for bits, scheme in [(2, "tuned"), (1, "shared")]:
        line = f"quantize model.npz --bits {bits} --scheme {scheme} {given}"
        same(tmp_path, model.quantize(bits, scheme), line, hopgate_run, "memory")
    read = hopgate.Model.load(tmp_path / "model.npz")
    same(tmp_path, read.quantize(2, X=keys, y=labels), f"quantize model.npz --bits 2 --scheme tuned {given}", hopgate_run, "memory")
    with pytest.raises(hopgate.Error, match="there are none"):
        read.quantize(2)
    free = hopgate.Memory.training_free(keys, labels, noise=0.2, radius=12, source="keys.npy")
    same(tmp_path, free, "memory keys.npy --labels labels.txt --noise 0.2 --radius 12", hopgate_run, "free")


def test_keys_of_a_file_with_answers_of_an_array(tmp_path, hopgate_run, samples):
    keys, labels = np.concatenate([samples[0], samples[0][:3]]), np.concatenate([samples[1], samples[1][:3]])
    np.save(tmp_path / "keys.npy", keys)
    np.save(tmp_path / "labels.npy", labels)
    # keys that repeat have answers of their own, and stay
    made = hopgate.train(tmp_path / "keys.npy", labels, centres=20, gamma=0.1, source="keys.npy")
    same(tmp_path, made, "train keys.npy --labels labels.npy --centres 20 --gamma 0.1", hopgate_run, "model.npz")
    assert len(hopgate.patterns(tmp_path / "keys.npy", merge=False).bits) == 163


def test_values_and_sequences(tmp_path, hopgate_run, samples):
    keys, _, values = samples
    np.save(tmp_path / "keys.npy", keys)
    np.save(tmp_path / "values.npy", values)
    model = hopgate.train(keys, values=values, centres=16, choose="random", seed=4, source="keys.npy")
    same(tmp_path, model, "train keys.npy --values values.npy --centres 16 --choose random --seed 4", hopgate_run, "model.npz")
    line = "quantize model.npz --bits 2 --scheme tuned --keys keys.npy --values values.npy"
    same(tmp_path, model.quantize(), line, hopgate_run, "memory")
    steps = "random:N=40,P=12,seed=2"
    model = hopgate.train(steps, sequence=True)
    same(tmp_path, model, f"train {steps} --sequence", hopgate_run, "steps.npz")
    same(tmp_path, model.quantize(1, "shared", max_steps=5), f"quantize steps.npz --bits 1 --max-steps 5 --keys {steps}", hopgate_run, "steps")


def test_built_in_sets_as_the_line_has_them(tmp_path, hopgate_run):
    same(tmp_path, hopgate.train("digits", "digits", gamma=0.05, centres=40), "train digits --labels digits --gamma 0.05 --centres 40",
         hopgate_run, "model.npz")
    same(tmp_path, hopgate.Memory.training_free("glyphs", noise=0.05), "memory glyphs --noise 0.05", hopgate_run, "memory")


def test_a_memory_that_is_read_is_written_as_it_was(tmp_path, hopgate_run):
    hopgate_run("memory digits --labels digits --radius 20 -o memory")
    read = hopgate.Memory.load(tmp_path / "memory")
    read.save(tmp_path / "again")
    assert sha256(tmp_path / "again") == sha256(tmp_path / "memory")
    assert set(read.files()) == set(sha256(tmp_path / "memory"))


def test_verilog(tmp_path, hopgate_run):
    memory = hopgate.Memory.training_free("random:N=40,P=30,seed=1")
    memory.save(tmp_path / "memory")
    for line, keywords in [
        ("--wrapper axis --name mine", {"wrapper": "axis", "name": "mine"}),
        ("--wrapper axil --protocol framed", {"wrapper": "axil", "protocol": "framed"}),
        ("--parallel 2 --masks", {"parallel": 2, "masks": True}),
        ("--top board --board icebreaker --roms inline", {"board": "icebreaker", "inline": True}),
    ]:
        report = memory.verilog(tmp_path / "ours", **keywords)
        hopgate_run(f"verilog memory {line} -o rtl")
        assert sha256(tmp_path / "ours") == sha256(tmp_path / "rtl"), line
        assert set(report.files) < set(sha256(tmp_path / "rtl"))


def test_the_same_cues_and_answers(tmp_path, hopgate_run):
    memory = hopgate.train("digits", gamma=0.2).quantize(2, "shared")
    memory.save(tmp_path / "memory")
    noisy = hopgate.cues(memory.patterns, "flips:0.1", 300, seed=7)
    hopgate_run("recall memory --noise 0.1 --count 300 --seed 7 --trace trace.npz -o answers.npy --top 3")
    trace = np.load(tmp_path / "trace.npz")
    answers = memory.recall(noisy.bits, field=True)
    np.testing.assert_array_equal(answers.states, np.load(tmp_path / "answers.npy"))
    for name in ("steps", "converged", "nearest", "distance", "known", "field"):
        np.testing.assert_array_equal(getattr(answers, name), trace[name], err_msg=name)
    distances, rows = memory.kneighbors(noisy.bits, 3)
    np.testing.assert_array_equal(rows, trace["ranked"])
    np.testing.assert_array_equal(distances, trace["ranked_distance"])
    # and in parts, and without fields
    plain = memory.recall(noisy.bits)
    np.testing.assert_array_equal(plain.states, answers.states)
    np.testing.assert_array_equal(memory.recall(noisy.bits[17]).states, answers.states[17:18])


def test_masks(tmp_path, hopgate_run):
    memory = hopgate.Memory.training_free("digits", noise=0.01)
    memory.save(tmp_path / "memory")
    for option in ("", " --clamp"):
        hopgate_run(f"recall memory --erase 0.5 --count 200 --trace trace.npz -o answers.npy{option}")
        erased = hopgate.cues(memory.patterns, "erase:0.5", 200)
        want = np.load(tmp_path / "answers.npy")
        holes = np.where(erased.mask, erased.bits, np.nan)
        masked = np.ma.masked_array(erased.bits, mask=erased.mask == 0)
        for cues, mask in [(erased.bits, erased.mask), (holes, None), (masked, None), (holes, np.ones(64))]:
            np.testing.assert_array_equal(memory.recall(cues, mask, clamp=bool(option)).states, want)


def test_every_kind_answers_as_the_line(tmp_path, hopgate_run, samples):
    keys, labels, values = samples
    np.save(tmp_path / "cues.npy", keys)
    for kind, given in [("class", {"labels": labels}), ("map", {"values": values}), ("sequence", {"sequence": True, "max_steps": 6})]:
        rows = keys if kind != "sequence" else keys[:40]
        memory = hopgate.Memory.training_free(rows, noise=0.1, radius=3, **given)
        memory.save(tmp_path / kind)
        hopgate_run(f"recall {kind} --queries cues.npy --noise 0.05 --trace trace.npz -o answers.npy")
        trace, noisy = np.load(tmp_path / "trace.npz"), hopgate.cues(keys, "flips:0.05")
        answers = memory.recall(noisy.bits, field=True)
        names = ["steps", "converged", "nearest", "distance", "known"]
        for name in names:
            np.testing.assert_array_equal(getattr(answers, name), trace[name], err_msg=f"{kind} {name}")
        np.testing.assert_array_equal(memory.predict(noisy.bits), np.load(tmp_path / "answers.npy"))
        if kind == "sequence":
            assert answers.path.shape == (160, 6, 48)
            np.testing.assert_array_equal(answers.path[:, -1], answers.states)
        if kind == "class":
            ranked = np.sort(answers.field, axis=1)
            np.testing.assert_array_equal(answers.score, ranked[:, -1])
            np.testing.assert_array_equal(answers.margin, ranked[:, -1] - ranked[:, -2])
            assert -1 in answers.classes and memory.score(keys, labels) == 1.0


def test_the_radius_is_that_of_tune(tmp_path, hopgate_run):
    hopgate_run("memory digits --labels digits -o memory")
    rejecting, report = hopgate.Memory.load(tmp_path / "memory").tune_radius(0.02, "flips:0.05")
    same(tmp_path, rejecting, "tune memory --false-accept 0.02 --noise 0.05", hopgate_run, "rejecting")
    assert report.proposed == rejecting.radius == report.rates.radius
