"""What goes wrong, what is shown, and what goes on beside."""

import copy
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import hopgate

SMALL = "random:N=20,P=30,seed=1"


@pytest.fixture(scope="module")
def memory():
    return hopgate.Memory.training_free(SMALL)


def fails(kind, what, job, *args, **keywords):
    """The error says what happened and what to do."""
    with pytest.raises(hopgate.Error) as raised:
        job(*args, **keywords)
    assert raised.value.kind == kind, raised.value
    assert what in raised.value.message, raised.value
    assert raised.value.hint, raised.value
    assert str(raised.value) == f"{raised.value.message}\n  help: {raised.value.hint}"


def test_what_is_no_bits(memory):
    train = hopgate.train
    fails("value", "row 1, column 0 is 7", train, np.array([[0, 1], [7, 0]], "u1"))
    fails("value", "have 0.5 at row 0, column 1", train, [[0, 0.5]])
    fails("value", "have -1 and 0", train, [[0, -1, 1]])
    fails("value", "shape (2, 2, 2)", train, np.zeros((2, 2, 2)))
    fails("value", "shape (0, 4)", train, np.zeros((0, 4), "u1"))
    fails("value", "of type <U1", train, [["a", "b"]])
    fails("value", "not known at row 0, column 1", train, [[0, np.nan]])
    fails("value", "there are 16385 columns", hopgate.Memory.training_free, np.eye(2, 16385, dtype="u1"))
    fails("value", "19 columns, but the memory has 20 neurons", memory.recall, np.zeros((3, 19), "u1"))
    fails("value", "30 columns", memory.recall, memory.patterns.T)
    fails("value", "mask has shape (2, 20)", memory.recall, memory.patterns, np.ones((2, 20)))
    fails("value", "row 0, column 3 is 2", memory.recall, memory.patterns, np.where(np.arange(20) == 3, 2, 1).astype("u1"))


def test_what_is_asked_wrongly(memory, samples):
    keys, labels, values = samples
    fails("usage", "gamma is 'often'", hopgate.train, SMALL, gamma="often")
    fails("usage", "epochs has no effect here", hopgate.train, SMALL, gamma=0.1, epochs=4)
    fails("usage", "centres has no effect here", hopgate.train, SMALL, centres=4)
    fails("usage", "the method is \"adam\"", hopgate.train, SMALL, gamma=0.1, method="adam")
    fails("usage", "three kinds of answers", hopgate.train, keys, labels, values=values)
    fails("value", "there are 159 labels, but 160 rows", hopgate.train, keys, labels[1:])
    fails("value", "class 1 of 3 has no key", hopgate.train, keys, np.where(labels > 0, 2, 0))
    fails("usage", "no scheme", hopgate.train(SMALL, gamma=0.1).quantize, 2, "best")
    fails("usage", "the nearest 31 patterns, but the memory has 30", memory.kneighbors, memory.patterns, 31)
    fails("usage", "of kind class", hopgate.Memory.training_free(keys, labels).recall, keys, np.ones(48), clamp=True)
    fails("usage", "all bits of the cues are known", memory.recall, memory.patterns, clamp=True)
    fails("value", "radius is 21", memory.with_radius, 21)
    fails("usage", "there is no option lames", memory.estimate, lames=3)
    fails("usage", "parallel is 'two'", memory.estimate, parallel="two")
    fails("usage", "masks is 1", memory.estimate, masks=1)
    fails("usage", "wrapper is \"pci\"", memory.verilog, "rtl", wrapper="pci")
    fails("value", "cow", hopgate.Memory.training_free(keys, labels).score, keys, ["cow"] * 160)
    with pytest.raises(hopgate.Error, match="there is no file"):
        hopgate.patterns("nowhere")
    with pytest.raises(hopgate.Error, match="nowhere"):
        hopgate.Memory.load("nowhere")
    with pytest.raises(TypeError):
        hopgate.train(SMALL, gama=0.1)


def test_parameters_are_spelled_as_keywords():
    with pytest.raises(hopgate.Error, match=r"`scheme=uniform`, `scheme=shared` or `scheme=tuned`"):
        hopgate.train(SMALL, gamma=0.1).quantize(2, "best")


def test_what_is_merged_is_said(samples):
    keys = np.concatenate([samples[0][:9], samples[0][:2]])
    with pytest.warns(hopgate.HopgateWarning, match="2 of 11 patterns repeat"):
        memory = hopgate.Memory.training_free(keys)
    assert memory.patterns.shape == (9, 48)
    with pytest.warns(hopgate.HopgateWarning, match="keys 0 and 9 are the same"):
        hopgate.train(keys, np.arange(11) % 2, gamma=0.1)
    with pytest.warns(DeprecationWarning, match=r"Memory\.load"), pytest.raises(hopgate.Error):
        hopgate.Memory("nowhere")


def test_copies_and_pickles(memory):
    model = hopgate.train(SMALL, gamma=0.1)
    for again in (pickle.loads(pickle.dumps(memory)), copy.deepcopy(memory)):
        assert again.files() == memory.files()
    assert pickle.loads(pickle.dumps(model)).to_bytes() == model.to_bytes()


def test_arrays_have_their_shapes(memory):
    assert (memory.patterns.shape, memory.planes.shape, memory.kernel.shape, memory.offset.shape) == ((30, 20), (1, 30, 20), (1, 21), (21,))
    model = hopgate.train(SMALL, gamma=0.1)
    assert model.alpha.shape == (30, 20) and model.alpha.dtype == np.float64
    assert model.meta["seed"] == 1 and model.report.load == 1.5
    answers = memory.recall(memory.patterns)
    assert answers.states.dtype == np.uint8 and answers.known.dtype == bool and answers.steps.shape == (30,)
    assert memory.score(memory.patterns) == (answers.states == memory.patterns).all(axis=1).mean()


def test_registers_of_a_system(memory, tmp_path):
    plain = memory.verilog(tmp_path / "plain", wrapper="axil", name="faces")
    assert "faces.h" in plain.files and "faces_load(" not in (tmp_path / "plain/faces.h").read_text()
    memory.verilog(tmp_path / "framed", wrapper="wishbone", name="faces", protocol="framed")
    assert "faces_load(" in (tmp_path / "framed/faces.h").read_text()


def test_pictures_and_tables(samples):
    glyphs = hopgate.Memory.training_free("glyphs", noise=0.01)
    holes = hopgate.cues(glyphs.patterns, "erase:0.5", 5)
    digits = hopgate.Memory.training_free("digits", "digits")
    shown = [
        glyphs, glyphs.recall(holes.bits, holes.mask), hopgate.patterns("glyphs"), hopgate.train("digits", gamma=0.1),
        digits, digits.recall(digits.patterns[:4]), glyphs.estimate(), hopgate.Memory.training_free(samples[0], values=samples[2]).recall(samples[0]),
    ]  # fmt: skip
    for what in shown:
        page = what._repr_html_()
        assert "<table>" in page and page.count("<svg") == page.count("</svg>") and repr(what)
    assert "#c0392b" in glyphs.recall(hopgate.cues(glyphs.patterns, "flips:0.05", 5).bits)._repr_html_()
    page = glyphs.recall(holes.bits, holes.mask)._repr_html_()
    # a cue and an answer for each, of 16 rows of 8; unknown bits are grey
    assert page.count("<svg") == 10 and page.count('viewBox="0 0 8 16"') == 10 and "#c8d0d8" in page
    assert digits.recall(digits.patterns[:1])._repr_html_().count("<svg") == 1


def test_other_threads_go_on_and_progress_is_told():
    ticks, told = [], []
    stop = threading.Event()

    def tick():
        while not stop.wait(0.01):
            ticks.append(time.perf_counter())

    ticking = threading.Thread(target=tick)
    ticking.start()
    took = 0
    # what one machine takes a second for, another has done at once: more patterns, until there is something to say
    for count in (800, 1600, 3200, 6400, 12800):
        ticks.clear()
        told.clear()
        start = time.perf_counter()
        hopgate.train(f"random:N=200,P={count},seed=1", gamma=0.02, progress=lambda done, total: told.append((done, total)))
        took = time.perf_counter() - start
        if took > 0.3:
            break
    stop.set()
    ticking.join()
    assert took > 0.3, "too quick to say anything"
    assert len(ticks) > took / 0.01 / 5
    assert told and all(0 <= done <= total for done, total in told) and told == sorted(told)


def test_progress_may_stop_it():
    def enough(done, total):
        raise ValueError(f"{done} of {total} are enough")

    with pytest.raises(ValueError, match="are enough"):
        hopgate.train("random:N=400,P=1200,seed=1", gamma=0.02, progress=enough)


@pytest.mark.parametrize("job", ["hopgate.train('random:N=1000,P=4000,seed=1', gamma=0.005)", "big.recall(big.patterns.repeat(9, axis=0))"])
def test_ctrl_c_stops(job):
    script = f"""
import hopgate, numpy as np, sys
big = hopgate.Memory.training_free(np.random.default_rng(1).integers(0, 2, (20000, 1024), dtype="u1")) if "big" in {job!r} else None
print("ready", flush=True)
try:
    while True:
        {job}
except KeyboardInterrupt:
    print("stopped", flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(1.5)
    start = time.perf_counter()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "stopped\n"
    assert time.perf_counter() - start < 30 and process.returncode == 0


def test_cosim(tmp_path, monkeypatch, memory):
    import shutil

    if not shutil.which("verilator"):
        pytest.skip("there is no verilator")
    monkeypatch.setenv("HOPGATE_CACHE", str(tmp_path))
    found = memory.cosim(noise=0.1, count=40)
    assert found.equal and found.difference is None and found.level == "rtl"
    cues = hopgate.cues(memory.patterns, "flips:0.1", 40).bits
    np.testing.assert_array_equal(found.answers.states, memory.recall(cues).states)
    fails("usage", "some bits of the cues are unknown", memory.cosim, cues, np.zeros(20))


def test_a_build_without_tools_says_so(tmp_path, monkeypatch, memory):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(hopgate.Error) as raised:
        memory.build("alchitry-cu", tmp_path / "build")
    assert raised.value.kind == "tool" and raised.value.hint
    assert not (tmp_path / "build").exists()


def test_fits_and_boards(memory):
    estimate = memory.estimate("alchitry-cu", parallel=2)
    assert estimate.fits and estimate.logic_cells.need < estimate.logic_cells.have and "logic cells" in estimate.text
    assert "icebreaker" in hopgate.boards()
    assert not hopgate.Memory.training_free("random:N=1024,P=3000,seed=1").estimate("icestick").fits
