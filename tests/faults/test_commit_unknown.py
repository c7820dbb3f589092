"""The connection is cut when a COMMIT has reached the server and before its answer comes back."""

import collections

import pytest

from faults.crew import HANDS, gather
from faults.proxy import CommitCutter

KINDS = ["postgres", "mariadb"]
QUICK = 5


def through(scene, proxy):
    """The URL of the scene's database by way of the proxy."""
    return scene.database.url.replace(f":{scene.database.server.port}/", f":{proxy.port}/")


def count_commits(scene):
    scene.fresh()
    with CommitCutter(scene.database.server.port) as proxy:
        scene.project.run(*scene.command, "--url", through(scene, proxy), code=0)
        return proxy.commits


def cut(scene, number):
    """Cut the n-th COMMIT: the run stops with 8, the next one settles it."""
    scene.fresh()
    with CommitCutter(scene.database.server.port, number) as proxy:
        stopped = scene.project.run(*scene.command, "--url", through(scene, proxy),
                                    env={"GODWIT_LEASE": "5s"})
    if not proxy.cut:
        return None
    assert stopped.code in (8, 0), stopped  # 0: it was the last thing that the run wrote
    scene.resume()
    scene.check(f"answer to COMMIT {number} lost")
    return stopped.code


def cut_all(crew, most):
    commits = count_commits(crew.first)
    step = max(1, commits // most) if most else 1
    numbers = range(1, commits + 1, step)
    codes = collections.Counter(crew.each(numbers, cut))
    print(f"{crew.name}: a run commits {commits} times; the answer to {codes.total()} of them was "
          f"lost; exit statuses {dict(codes)}; the next run settled each")
    assert codes.total() >= 0.9 * len(numbers)
    assert codes[8] >= min(len(numbers) - 2, 3)


def cut_up_and_down(crew, most):
    crew.rehearse("up")
    cut_all(crew, most)
    crew.all(lambda scene: (scene.fresh(), scene.project.run("up", code=0)))
    crew.rehearse("down", "--to", "0", "--yes")
    cut_all(crew, most)


@pytest.mark.parametrize("kind", KINDS)
def test_what_became_of_the_commit_is_told_at_once(kind, make_database, make_project):
    """The server is there: the ledger is asked through another connection."""
    told = []
    for number in range(1, 9):
        database = make_database(kind)
        project = make_project(database)
        database.sql("CREATE TABLE effects (what text)")
        project.migration("1_one", "-- migrate:up\nINSERT INTO effects VALUES ('one');\n"
                          "-- migrate:down\nDELETE FROM effects;\n")
        with CommitCutter(database.server.port, number) as proxy:
            url = database.url.replace(f":{database.server.port}/", f":{proxy.port}/")
            stopped = project.run("up", "--url", url)
        applied = database.value("SELECT count(*) FROM effects") == "1"
        if stopped.code == 8 and "is applied too" in stopped.stderr:
            assert applied and "GW0803" in stopped.stderr, str(stopped)
            told.append(number)
        if stopped.code == 8 and "is rolled back" in stopped.stderr:
            assert not applied, str(stopped)
    print(f"{kind}: the answer to COMMIT {told} was lost, and the run said that it was carried out")
    assert len(told) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_answer_to_commit_is_settled_by_the_next_run(kind, make_database, make_project):
    cut_up_and_down(gather("nasty", kind, make_database, make_project, 2), QUICK)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_every_lost_answer_to_commit_is_settled(kind, make_database, make_project):
    cut_up_and_down(gather("nasty", kind, make_database, make_project, 2 * HANDS), 0)
