"""The program under test, which `HOPGATE` names, and its virtual board."""

import os
import signal
import subprocess
import tempfile
import time

PROGRAM = os.environ.get("HOPGATE", "")


def run_hopgate(folder, *line):
    """What it prints; it must succeed."""
    done = subprocess.run([PROGRAM, "-q", *line], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


class Virtual:
    """`hopgate board`, running, with a link to its port."""

    def __init__(self, folder, memory, *options):
        # a link of its own: one that a killed board left may lead to a terminal that another program was given since
        self.link = os.path.join(tempfile.mkdtemp(dir=folder), "port")
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
        # a shell's job in the background ignores the other signal that ends it
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
