"""Runs programs and says what they took: seconds, processor seconds, and the most memory."""

import os
import subprocess
import sys
import time


class Took:
    """What a program took: `wall` and `cpu` in seconds, `memory` in bytes; `output` is what it printed."""

    def __init__(self, command, limit=None):
        begin = time.perf_counter()
        with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            try:
                # small outputs: a pipe holds them until the program has ended
                _, status, used = wait(program, limit)
                self.output, errors = program.stdout.read(), program.stderr.read()
            finally:
                program.returncode = program.returncode or 0
        self.wall = time.perf_counter() - begin
        self.cpu = used.ru_utime + used.ru_stime
        self.memory = 1024 * used.ru_maxrss
        self.code = os.waitstatus_to_exitcode(status)
        if self.code != 0:
            print(f"{' '.join(str(c) for c in command)}\nended with {self.code}: {errors.strip()[-500:]}", file=sys.stderr)


def wait(program, limit):
    """`os.wait4`, which knows what the program took; ends it after `limit` seconds."""
    end = time.perf_counter() + limit if limit else None
    while True:
        pid, status, used = os.wait4(program.pid, os.WNOHANG if end else 0)
        if pid:
            return pid, status, used
        if time.perf_counter() > end:
            program.terminate()
            end = None
        time.sleep(0.01)
