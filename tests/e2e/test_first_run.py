"""The database file that is not there yet: who makes it, and who leaves nothing behind."""

import pathlib
import re

import pytest

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
GOOD = "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n"


def files(project):
    return sorted(path.name for path in pathlib.Path(project.database.path.parent).iterdir()
                  if path.name.startswith(project.database.path.name))


def refusals(project):
    """Ways in which a first `up` is refused before anything ran: (options, exit status)."""
    project.migration("1_a", GOOD)
    yield ["--to", "7"], 2
    yield ["--plan", "nothing.plan"], 2
    yield ["--wait-lock", "soon"], 2
    project.configure("require: [verify]")
    yield [], 9
    project.configure("require: [confirm]")
    yield [], 9
    project.configure()
    project.migration("1_a", GOOD.replace("CREATE", "'CREATE"))
    yield [], 2
    (project.folder / "migrations" / "1_a.sql").unlink()
    yield [], 0  # nothing to do


def test_a_refused_first_up_leaves_no_file(project):
    for options, code in refusals(project):
        refused = project.run("up", *options, code=code)
        assert "nothing was changed" in refused.stderr or code == 0 or "GW0201" in refused.stderr, \
            str(refused)
        assert files(project) == [], str(refused)


def test_the_first_up_makes_the_file_and_says_so(project):
    project.migration("1_a", GOOD)
    made = project.run("up", code=0)
    assert re.search(r'note: \S+\.db is not there; "godwit up" makes it', made.stderr)
    assert files(project) == [project.database.path.name]
    assert project.run("up", "--json", code=0).json()["target"]["database"] == files(project)[0]
    assert project.database.tables() == ["a"]


def test_a_file_that_cannot_be_made(project):
    project.migration("1_a", GOOD)
    project.configure(url=f"sqlite:{project.folder}/none/app.db")
    for command in ("plan", "status", "up"):
        refused = project.run(command, code=3)
        assert f"mkdir -p {project.folder}/none" in refused.stderr
        assert "will make" not in refused.stderr
    project.configure(url=f"sqlite:{project.folder}/migrations")
    for command in ("plan", "status", "up"):
        refused = project.run(command, code=3)
        assert "is a folder, not a database" in refused.stderr
        assert "will make" not in refused.stderr


def test_the_file_of_a_protected_target_is_not_promised(project):
    project.migration("1_a", GOOD)
    project.configure("protected: true")
    for command in ("plan", "status", "up"):
        refused = project.run(command, code=3)
        assert "put an empty file there" in refused.stderr
        assert "godwit up` make" not in refused.stderr
    assert "put an empty file there" in project.run("doctor", code=3).stdout
    project.database.path.touch()  # as it says
    project.run("up", "--confirm", "dev", code=0)
    assert project.database.tables() == ["a"]


def test_a_template_that_nobody_wrote_in_is_warned_of(project):
    project.run("new", "add users", code=0)
    plan = project.run("plan", code=0)
    assert "there is no statement in it: applying it changes nothing" in plan.stderr
