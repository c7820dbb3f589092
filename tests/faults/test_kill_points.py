"""A process that dies, or loses its connection, at any point: the next run ends as if it had not.

Points are before and after each call of the driver that may change something outside the process.
A kill counts only when it struck between the first and the last effect of the run.
"""

import collections
import dataclasses
import time

import pytest

from faults.crew import HANDS, gather
from faults.scene import DEAD, LEASE, difference, spread

QUICK = {"thirty": 10, "nasty": 16}  # points of each run in `make check`; all of them in the other
POOLED = 8
ATOMIC = 10
TURNS = 6
MANY_TURNS = 60
POOL_CONFIG = "project: test\nledger: house\ntargets:\n  dev:\n    url: '{}'\n"
DOWN = ("down", "--to", "0", "--yes")


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def crew(request, make_database, make_project):
    """crew(story, hands); besides the databases there is "wal", SQLite with a write-ahead log."""
    def make(story, hands=1):
        return gather(story, request.param, make_database, make_project, hands)
    return make


def on(*kinds):
    return pytest.mark.parametrize("crew", kinds, indirect=True)


@pytest.fixture
def pooled_crew(make_database, make_project, pgbouncer):
    """Runs reach PostgreSQL through a pooler in transaction mode."""
    made = []

    def make(hands=1):
        crew = gather("nasty", "postgres", make_database, make_project, hands)
        for scene in crew.scenes:
            scene.title = "postgres behind a pooler"
            scene.project.write("godwit.yaml",
                                POOL_CONFIG.format(pgbouncer.url(scene.database.name)))
            scene.seen.ledger = "house"
        made.extend(crew.scenes)
        return crew

    yield make
    for scene in made:
        pgbouncer.admin(f"KILL {scene.database.name}")


# Killed

@dataclasses.dataclass
class Kill:
    """How far the killed run had come, and how long the next one took."""

    progress: float
    seconds: float


def kill_at(scene, point, lease=LEASE):
    """Kill a run at a point; how far it had come, or None when it ended before."""
    scene.fresh()
    killed = scene.project.run(*scene.command, env={"GODWIT_FAULT": f"kill:{point}",
                                                    "GODWIT_LEASE": lease})
    assert killed.code in (DEAD, 0), killed
    return scene.progress() if killed.code == DEAD else None


def kill_everywhere(crew, count, lease=LEASE):
    """Kill at many points and resume each time; how many kills counted."""
    def strike(scene, point):
        progress = kill_at(scene, point, lease)
        if progress is None:
            return None
        began = time.monotonic()
        scene.resume()
        seconds = time.monotonic() - began
        scene.check(f"killed at point {point} of {scene.points}")
        return Kill(progress, seconds)

    points = spread(crew.points, count)
    kills = crew.each(points, strike)
    between = sum(0 < kill.progress < 1 for kill in kills)
    print(f"{crew.name} has {crew.points} points; killed at {len(kills)}, "
          f"{between} of them between the first and the last effect; all resumed exactly; "
          f"slowest resume {max(kill.seconds for kill in kills):.1f} s")
    assert len(kills) > 0.9 * len(points), "points are missed"
    return between


def up_and_down(crew, count, break_everywhere):
    crew.rehearse("up")
    broken = [break_everywhere(crew, count)]
    crew.all(lambda scene: (scene.fresh(), scene.project.run("up", code=0)))
    crew.rehearse(*DOWN)
    broken.append(break_everywhere(crew, count))
    assert min(broken) > 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_killed_run_is_resumed_exactly(crew, story):
    up_and_down(crew(story), QUICK[story], kill_everywhere)


@pytest.mark.timeout(300)
@on("wal")
def test_a_killed_run_on_a_write_ahead_log_is_resumed_exactly(crew):
    up_and_down(crew("nasty"), QUICK["nasty"], kill_everywhere)


@pytest.mark.timeout(300)
@on("sqlite", "postgres")
def test_a_run_in_one_transaction_is_killed_whole(crew):
    one = crew("plain")
    one.rehearse("up", "--atomic")
    assert kill_everywhere(one, ATOMIC) == 0


@pytest.mark.timeout(300)
def test_a_run_killed_behind_a_pooler_is_resumed_exactly(pooled_crew):
    crew = pooled_crew()
    crew.rehearse("up")
    assert kill_everywhere(crew, POOLED, "1s") > 0


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_run_killed_at_every_point_is_resumed_exactly(crew, story):
    up_and_down(crew(story, HANDS), 0, kill_everywhere)


@pytest.mark.long
@pytest.mark.timeout(3600)
@on("wal")
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_run_killed_at_every_point_on_a_write_ahead_log_is_resumed_exactly(crew, story):
    up_and_down(crew(story, HANDS), 0, kill_everywhere)


@pytest.mark.long
@pytest.mark.timeout(3600)
@on("sqlite", "postgres")
def test_a_run_in_one_transaction_is_killed_whole_at_every_point(crew):
    one = crew("plain", HANDS)
    one.rehearse("up", "--atomic")
    assert kill_everywhere(one, 0) == 0


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_run_killed_at_every_point_behind_a_pooler_is_resumed_exactly(pooled_crew):
    crew = pooled_crew(2 * HANDS)  # each waits for the lease of a dead run
    crew.rehearse("up")
    assert kill_everywhere(crew, 0, "1s") > 0


# Killed, and then the other way

def turn_everywhere(crew, count, other_way, wanted):
    """Kill at some points, and go the other way; `wanted` is what is to be there then, and how
    often each effect may be at most."""
    dump, most = wanted

    def turn(scene, point):
        if kill_at(scene, point) is None:
            return None
        scene.project.run(*other_way, "--wait-lock", "60s", code=0)
        now, effects = scene.look()
        assert now == dump, f"killed at {point}, then {other_way[0]}: {difference(now, dump)}"
        twice = effects - most
        assert not twice, f"killed at {point}, then {other_way[0]}: twice {twice}"
        return point

    died = len(crew.each(spread(crew.points, count), turn))
    print(f"{crew.name}: killed at {died} of {crew.points} points, then {other_way[0]}: all exact")
    assert died > 0


def turn_both_ways(crew, count):
    empty, _ = crew.first.look()
    crew.rehearse("up")
    full, up_effects, _ = crew.first.wanted
    crew.all(lambda scene: scene.project.run(*DOWN, code=0))
    both_effects = crew.first.effects()
    crew.all(lambda scene: scene.fresh())
    turn_everywhere(crew, count, DOWN, (empty, both_effects))
    crew.all(lambda scene: (scene.fresh(), scene.project.run("up", code=0)))
    crew.rehearse(*DOWN)
    turn_everywhere(crew, count, ["up"], (full, both_effects + up_effects))


@pytest.mark.timeout(300)
def test_a_killed_run_is_undone_by_a_run_the_other_way(crew):
    """`down` after a killed `up`, and `up` after a killed `down`, end where undisturbed ones do."""
    turn_both_ways(crew("nasty"), TURNS)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_run_killed_at_many_points_is_undone_by_a_run_the_other_way(crew):
    turn_both_ways(crew("nasty", HANDS), MANY_TURNS)


# The connection lost

def drop_everywhere(crew, count):
    """Lose the connection at many points; how many runs stopped."""
    def drop(scene, point):
        scene.fresh()
        dropped = scene.project.run(*scene.command, env={"GODWIT_FAULT": f"drop:{point}",
                                                         "GODWIT_LEASE": LEASE})
        assert dropped.code in (0, 3, 8), f"dropped at {point}: {dropped}"
        scene.resume()
        scene.check(f"lost its connection at point {point} of {scene.points}")
        return dropped.code

    codes = collections.Counter(crew.each(spread(crew.points, count), drop))
    print(f"{crew.name}: lost its connection at {codes.total()} of {crew.points} points; "
          f"exit statuses {dict(codes)}; all resumed exactly")
    return codes[8]


@pytest.mark.timeout(600)
def test_a_run_that_lost_its_connection_is_resumed_exactly(crew):
    up_and_down(crew("nasty"), QUICK["nasty"] // 2, drop_everywhere)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("story", ["nasty", "thirty"])
def test_a_connection_lost_at_every_point_is_made_up_for(crew, story):
    up_and_down(crew(story, HANDS), 0, drop_everywhere)
