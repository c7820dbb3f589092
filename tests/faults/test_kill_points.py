"""A process that dies, or loses its connection, at any point: the next run ends as if it had not.

Points are before and after each call of the driver that may change something outside the process.
A kill counts only when it struck between the first and the last effect of the run.
"""

import collections

import pytest

from faults.scene import DEAD, LEASE, Scene, spread

KINDS = ["sqlite", "postgres", "mariadb"]
QUICK = {"thirty": 12, "nasty": 24}  # points of each run in `make check`; all of them in the other


@pytest.fixture(params=KINDS)
def scene(request, make_database, make_project):
    def make(story):
        database = make_database(request.param)
        return Scene(story, database, make_project(database))
    return make


def kill_at(scene, point):
    """Kill a run at a point; how far it had come, or None when it ended before."""
    scene.fresh()
    killed = scene.project.run(*scene.command, env={"GODWIT_FAULT": f"kill:{point}",
                                                    "GODWIT_LEASE": LEASE})
    assert killed.code in (DEAD, 0), killed
    return scene.progress() if killed.code == DEAD else None


def kill_everywhere(scene, count):
    """Kill at many points and resume each time; prints and returns how many kills counted."""
    died = between = 0
    slowest = 0
    for point in spread(scene.points, count):
        progress = kill_at(scene, point)
        if progress is None:
            continue
        died += 1
        between += 0 < progress < 1
        _, seconds = scene.resume()
        slowest = max(slowest, seconds)
        scene.check(f"{scene.command} killed at point {point} of {scene.points}")
    print(f"{scene.kind}: {scene.command[0]} has {scene.points} points; killed at {died}, "
          f"{between} of them between the first and the last effect; all resumed exactly; "
          f"slowest resume {slowest:.1f} s")
    return between


def drop_everywhere(scene, count):
    """Lose the connection at many points."""
    codes = collections.Counter()
    for point in spread(scene.points, count):
        scene.fresh()
        dropped = scene.project.run(*scene.command, env={"GODWIT_FAULT": f"drop:{point}",
                                                         "GODWIT_LEASE": LEASE})
        codes[dropped.code] += 1
        assert dropped.code in (0, 3, 8), f"dropped at {point}: {dropped}"
        scene.resume()
        scene.check(f"{scene.command} lost its connection at point {point} of {scene.points}")
    print(f"{scene.kind}: {scene.command[0]} lost its connection at {codes.total()} of "
          f"{scene.points} points; exit statuses {dict(codes)}; all resumed exactly")
    assert codes[8] > 0


def up_and_down(scene, count, break_everywhere):
    scene.rehearse("up")
    break_everywhere(scene, count)
    scene.fresh()
    scene.project.run("up", code=0)
    scene.rehearse("down", "--to", "0", "--yes")
    break_everywhere(scene, count)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_killed_run_is_resumed_exactly(scene, story):
    up_and_down(scene(story), QUICK[story], kill_everywhere)


@pytest.mark.timeout(600)
def test_a_run_that_lost_its_connection_is_resumed_exactly(scene):
    up_and_down(scene("nasty"), QUICK["nasty"] // 2, drop_everywhere)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_run_killed_at_every_point_is_resumed_exactly(scene, story):
    up_and_down(scene(story), 0, kill_everywhere)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_connection_lost_at_every_point_is_made_up_for(scene, story):
    up_and_down(scene(story), 0, drop_everywhere)
