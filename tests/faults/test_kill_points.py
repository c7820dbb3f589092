"""A process that dies, or loses its connection, at any point: the next run ends as if it had not.

Points are before and after each call of the driver that may change something outside the process.
A kill counts only when it struck between the first and the last effect of the run.
"""

import collections
import time

import pytest

from faults.scene import DEAD, LEASE, Scene, spread

QUICK = {"thirty": 10, "nasty": 16}  # points of each run in `make check`; all of them in the other
POOLED = 8
ATOMIC = 10
TURNS = 6
POOL_CONFIG = "project: test\nledger: house\ntargets:\n  dev:\n    url: '{}'\n"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def scene(request, make_database, make_project):
    """scene(story); besides the three databases "wal" is SQLite with a write-ahead log."""
    def make(story):
        database = make_database("sqlite" if request.param == "wal" else request.param)
        if request.param == "wal":
            database.sql("PRAGMA journal_mode = WAL;")
        return Scene(story, database, make_project(database))
    return make


def on(*kinds):
    return pytest.mark.parametrize("scene", kinds, indirect=True)


@pytest.fixture
def pooled_scene(make_database, make_project, pgbouncer):
    """Runs reach PostgreSQL through a pooler in transaction mode."""
    database = make_database("postgres")
    project = make_project(database)
    project.write("godwit.yaml", POOL_CONFIG.format(pgbouncer.url(database.name)))
    scene = Scene("nasty", database, project)
    scene.seen.ledger = "house"
    yield scene
    pgbouncer.admin(f"KILL {database.name}")


def kill_at(scene, point, lease=LEASE):
    """Kill a run at a point; how far it had come, or None when it ended before."""
    scene.fresh()
    killed = scene.project.run(*scene.command, env={"GODWIT_FAULT": f"kill:{point}",
                                                    "GODWIT_LEASE": lease})
    assert killed.code in (DEAD, 0), killed
    return scene.progress() if killed.code == DEAD else None


def kill_everywhere(scene, count, lease=LEASE):
    """Kill at many points and resume each time; how many kills counted."""
    died = between = 0
    slowest = 0
    for point in spread(scene.points, count):
        progress = kill_at(scene, point, lease)
        if progress is None:
            continue
        died += 1
        between += 0 < progress < 1
        began = time.monotonic()
        scene.resume()
        slowest = max(slowest, time.monotonic() - began)
        scene.check(f"{scene.command} killed at point {point} of {scene.points}")
    print(f"{scene.kind}: {scene.command[0]} has {scene.points} points; killed at {died}, "
          f"{between} of them between the first and the last effect; all resumed exactly; "
          f"slowest resume {slowest:.1f} s")
    assert died > 0
    return between


def turn_everywhere(scene, other_way, wanted):
    """Kill at some points, and go the other way."""
    died = 0
    for point in spread(scene.points, TURNS):
        if kill_at(scene, point) is None:
            continue
        died += 1
        scene.project.run(*other_way, "--wait-lock", "60s", code=0)
        assert scene.dump() == wanted, f"{scene.command} killed at {point}, then {other_way}"
    print(f"{scene.kind}: {scene.command[0]} killed at {died} of {scene.points} points, then "
          f"{other_way[0]}: all exact")


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


@pytest.mark.timeout(300)
def test_a_killed_run_is_undone_by_a_run_the_other_way(scene):
    """`down` after a killed `up`, and `up` after a killed `down`, end where undisturbed ones do."""
    there = scene("nasty")
    empty = there.dump()
    there.rehearse("up")
    turn_everywhere(there, ["down", "--to", "0", "--yes"], empty)
    there.fresh()
    there.project.run("up", code=0)
    full = there.dump()
    there.rehearse("down", "--to", "0", "--yes")
    turn_everywhere(there, ["up"], full)


@pytest.mark.timeout(300)
@on("wal")
def test_a_killed_run_on_a_write_ahead_log_is_resumed_exactly(scene):
    up_and_down(scene("nasty"), QUICK["nasty"], kill_everywhere)


@pytest.mark.timeout(300)
@on("sqlite", "postgres")
def test_a_run_in_one_transaction_is_killed_whole(scene):
    one = scene("plain")
    one.rehearse("up", "--atomic")
    assert kill_everywhere(one, ATOMIC) == 0


@pytest.mark.timeout(300)
def test_a_run_killed_behind_a_pooler_is_resumed_exactly(pooled_scene):
    pooled_scene.rehearse("up")
    assert kill_everywhere(pooled_scene, POOLED, "1s") > 0


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_run_killed_at_every_point_behind_a_pooler_is_resumed_exactly(pooled_scene):
    pooled_scene.rehearse("up")
    assert kill_everywhere(pooled_scene, 0, "1s") > 0


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
