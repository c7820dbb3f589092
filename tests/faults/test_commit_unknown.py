"""The connection is cut when a COMMIT has reached the server and before its answer comes back."""

import pytest

from faults.proxy import CommitCutter
from faults.scene import Scene

KINDS = ["postgres", "mariadb"]
QUICK = 5


def through(scene, proxy):
    """The URL of the scene's database by way of the proxy."""
    return scene.database.url.replace(f":{scene.database.server.port}/", f":{proxy.port}/")


def count_commits(scene):
    scene.fresh()
    with CommitCutter(scene.database.server.port) as proxy:
        scene.project.run("up", "--url", through(scene, proxy), code=0)
        return proxy.commits


def cut(scene, number):
    """Cut the n-th COMMIT: the run stops with 8, the next one settles it."""
    scene.fresh()
    with CommitCutter(scene.database.server.port, number) as proxy:
        stopped = scene.project.run("up", "--url", through(scene, proxy),
                                    env={"GODWIT_LEASE": "5s"})
        if not proxy.cut:
            return False
        assert stopped.code in (8, 0), stopped  # 0: it was the last thing that the run wrote
        scene.resume()
        scene.check(f"answer to COMMIT {number} lost")
        return stopped.code == 8


def cut_all(kind, most, make_database, make_project):
    database = make_database(kind)
    scene = Scene("nasty", database, make_project(database))
    scene.rehearse("up")
    commits = count_commits(scene)
    step = max(1, commits // most) if most else 1
    numbers = range(1, commits + 1, step)
    stopped = sum(cut(scene, number) for number in numbers)
    print(f"{kind}: a run commits {commits} times; the answer to {len(numbers)} of them was lost, "
          f"{stopped} runs stopped with 8, and the next run settled each")
    assert stopped >= min(len(numbers) - 2, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_answer_to_commit_is_settled_by_the_next_run(kind, make_database, make_project):
    cut_all(kind, QUICK, make_database, make_project)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_every_lost_answer_to_commit_is_settled(kind, make_database, make_project):
    cut_all(kind, 0, make_database, make_project)
