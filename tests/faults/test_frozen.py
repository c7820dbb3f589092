"""A run that is frozen (SIGSTOP) at any point past its lease, while another one does its work, and
is woken: it writes nothing more.
"""

import collections
import pathlib
import signal
import subprocess

import pytest

from faults.effects import wait_for
from faults.scene import Scene, spread

LEASE = "600ms"
TAKE_OVER_SECONDS = 8
QUICK = 10
KINDS = ["postgres", "mariadb"]


def is_stopped(process):
    if process.poll() is not None:
        return True
    stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


def freeze_at(scene, point):
    """Freeze a run at a point, let another one take over, wake it.

    Gives (how the other one ended, how the frozen one ended), or None when it ended before. The
    other one ends with 5 only where the frozen one has the session's lock and no lease: it has just
    begun, or is about to end.
    """
    scene.fresh()
    frozen = scene.project.start(*scene.command, stdout=subprocess.DEVNULL,
                                 env={"GODWIT_FAULT": f"stop:{point}", "GODWIT_LEASE": LEASE})
    wait_for(lambda: is_stopped(frozen), 60, f"point {point}")
    if frozen.poll() is not None:
        frozen.communicate()
        return None
    other = scene.resume(TAKE_OVER_SECONDS, code=None).code
    if other == 0:
        scene.check(f"taken over from a run frozen at point {point} of {scene.points}")
    frozen.send_signal(signal.SIGCONT)
    _, talk = frozen.communicate(timeout=60)
    assert other in (0, 5), other
    assert frozen.returncode in (0, 5, 8), f"point {point}: {frozen.returncode} {talk.decode()}"
    scene.check(f"woken at point {point} of {scene.points}")
    return other, frozen.returncode


def freeze_everywhere(scene, count):
    scene.rehearse("up")
    ended = collections.Counter()
    for point in spread(scene.points, count):
        outcome = freeze_at(scene, point)
        if outcome is not None:
            ended[outcome] += 1
    print(f"{scene.kind}: frozen at {ended.total()} of {scene.points} points; exit statuses (of "
          f"the run that took over, of the one that woke): {dict(ended)}; all exact")
    assert ended[0, 8] > ended.total() / 2


def make_scene(story, kind, make_database, make_project):
    database = make_database(kind)
    return Scene(story, database, make_project(database))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_woken_writes_nothing(kind, make_database, make_project):
    freeze_everywhere(make_scene("nasty", kind, make_database, make_project), QUICK)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_woken_at_every_point_writes_nothing(kind, make_database, make_project):
    freeze_everywhere(make_scene("nasty", kind, make_database, make_project), 0)
