"""A run that is frozen (SIGSTOP) at any point past its lease, while another one does its work, and
is woken: it writes nothing more.

The lock of a SQLite file has no lease: there the other one is refused, and the one that is woken
goes on. While it makes the ledger it has the database's own lock only, which the other one waits
for as long as its patience.
"""

import collections
import contextlib
import pathlib
import signal
import subprocess

import pytest

from faults.crew import HANDS, gather
from faults.effects import wait_for
from faults.scene import spread

LEASE = "600ms"
QUICK = 10
TAKE_OVER = {"sqlite": "200ms", "postgres": "8s", "mariadb": "8s"}
PATIENCE = {"sqlite": {"GODWIT_PATIENCE": "500ms"}}
REFUSED = {"sqlite": (5, 8), "postgres": (5,), "mariadb": (5,)}
# (exit status of the other run, of the one that woke) of most points
USUAL = {"sqlite": (5, 0), "postgres": (0, 8), "mariadb": (0, 8)}
KINDS = list(USUAL)


def is_stopped(process):
    if process.poll() is not None:
        return True
    stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


@contextlib.contextmanager
def frozen_run(scene, point):
    """A run that sleeps at that point, or has ended before it."""
    process = scene.project.start(*scene.command, stdout=subprocess.DEVNULL,
                                  env={"GODWIT_FAULT": f"stop:{point}", "GODWIT_LEASE": LEASE})
    try:
        wait_for(lambda: is_stopped(process), 60, f"point {point}")
        yield process
    finally:
        process.kill()
        process.communicate()


def freeze_at(scene, point):
    """Freeze a run at a point, let another one take over, wake it.

    Gives (how the other one ended, how the frozen one ended), or None when it ended before. On a
    server the other one ends with 5 only where the frozen one has the session's lock and no lease:
    it has just begun, or is about to end.
    """
    scene.fresh()
    with frozen_run(scene, point) as frozen:
        if frozen.poll() is not None:
            return None
        other = scene.resume(TAKE_OVER[scene.kind], None, 40, PATIENCE.get(scene.kind))
        assert other.code in (0, *REFUSED[scene.kind]), other
        if other.code == 0:
            scene.check(f"taken over from a run frozen at point {point} of {scene.points}")
        before = scene.dump_all() if other.code == 0 else None
        frozen.send_signal(signal.SIGCONT)
        _, talk = frozen.communicate(timeout=60)
        code = frozen.returncode
    assert code in (0, 5, 8), f"point {point}: {code} {talk.decode()}"
    # One that ends with 0 had not begun, or was at its end: it may note that it looked.
    assert before is None or code == 0 or scene.dump_all() == before, f"point {point}: it wrote"
    scene.check(f"woken at point {point} of {scene.points}")
    return other.code, code


def freeze_everywhere(crew, count):
    crew.rehearse("up")
    ended = collections.Counter(crew.each(spread(crew.points, count), freeze_at))
    print(f"{crew.name}: frozen at {ended.total()} of {crew.points} points; exit statuses (of "
          f"the other run, of the one that woke): {dict(ended)}; all exact")
    assert ended[USUAL[crew.kind]] > ended.total() / 2


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_woken_writes_nothing(kind, make_database, make_project):
    freeze_everywhere(gather("nasty", kind, make_database, make_project, 2), QUICK)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_woken_at_every_point_writes_nothing(kind, make_database, make_project):
    freeze_everywhere(gather("nasty", kind, make_database, make_project, 2 * HANDS), 0)
