"""Running a program and knowing what it took."""

import dataclasses
import os
import pathlib
import re
import signal
import statistics
import tempfile
import threading
import time

LIMIT = 1800  # seconds; what takes longer is a failure
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class Failure(Exception):
    """A contender that did not do what it was asked for."""


@dataclasses.dataclass
class Took:
    """Of one process: seconds on the clock and on the processor, and its peak of memory."""

    wall: float
    cpu: float
    kilobytes: int


@dataclasses.dataclass
class Command:
    """A program with its arguments, where it runs, and what it reads."""

    argv: list
    folder: object
    env: dict = dataclasses.field(default_factory=dict)
    stdin: object = None
    times: int = 1  # how often it must be run to do the whole


class Peak(threading.Thread):
    """Watches how much memory a process has had at most. (What wait4 says of it includes this
    process, from which it was spawned.)"""

    EVERY = 0.004

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status = pathlib.Path(f"/proc/{pid}/status")
        self.ended = threading.Event()
        self.kilobytes = 0

    def run(self):
        while not self.ended.wait(self.EVERY):
            try:
                found = PEAK.search(self.status.read_text())
            except OSError:
                return
            if found:  # a process that has ended has none
                self.kilobytes = int(found[1])


def tail(file):
    file.seek(0)
    return file.read().decode(errors="replace")[-2000:]


def environment(command):
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "HOME": str(command.folder), "XDG_CACHE_HOME": str(command.folder / ".cache"),
            **command.env}


def spawn(command, argv, output):
    """Start it; posix_spawn, so that the size of this process does not count."""
    reading = os.open(command.stdin or os.devnull, os.O_RDONLY)
    actions = [(os.POSIX_SPAWN_DUP2, reading, 0),
               (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
               (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
    here = os.getcwd()
    os.chdir(command.folder)
    try:
        return os.posix_spawn(argv[0], argv, environment(command), file_actions=actions)
    finally:
        os.chdir(here)
        os.close(reading)


def wait(pid):
    """Its end, (status, usage, kilobytes); whoever stops this process stops it as well."""
    limit = threading.Timer(LIMIT, os.kill, (pid, signal.SIGKILL))
    limit.daemon = True
    limit.start()
    peak = Peak(pid)
    peak.start()
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        limit.cancel()
        peak.ended.set()
    return status, usage, peak.kilobytes


def run(command):
    """Run it once, and know what it took."""
    argv = [str(word) for word in command.argv]
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        status, usage, kilobytes = wait(spawn(command, argv, output))
        wall = time.perf_counter() - began
        if status != 0:
            raise Failure(f"{' '.join(argv[:4])} ended with {status}:\n{tail(output)}")
    return Took(wall, usage.ru_utime + usage.ru_stime, kilobytes)


def median(values):
    return statistics.median(values)


def ratio(these, those):
    """The median of the ratios of values that were measured side by side."""
    return statistics.median(a / b for a, b in zip(these, those))
