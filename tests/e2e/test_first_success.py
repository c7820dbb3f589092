"""The first two minutes of somebody new, on each database."""

import re

import pytest

from harness.database import SqliteDatabase
from harness.terminal import Terminal

UP_AND_DOWN = """\
-- Users.
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, email varchar(200) NOT NULL);
-- migrate:down
DROP TABLE users;
"""


@pytest.fixture
def newcomer(make_project, database):
    """An empty folder, and the URL to type: SQLite's is relative, as people write it.

    One with a password is not written into godwit.yaml, so the newcomer sets DATABASE_URL.
    """
    project = make_project()
    if database.kind == "sqlite":
        database = SqliteDatabase(project.folder / "app.db")
        database.url = "sqlite:app.db"
    else:
        project.env["DATABASE_URL"] = database.url
    return project, database


def migrations(project):
    return sorted((project.folder / "migrations").glob("[!.]*"))


def write_sql(project):
    """What the user does after `godwit new`: edit the one file that is there."""
    file, = migrations(project)
    file.write_text(UP_AND_DOWN)
    return file


def test_the_session_of_a_newcomer(newcomer):
    project, database = newcomer
    made = project.run("init", database.url, code=0)
    assert (project.folder / "godwit.yaml").is_file()
    assert "godwit new" in made.stdout + made.stderr
    assert (project.folder / "migrations").is_dir() and migrations(project) == []
    assert "bar-tailed" not in (project.folder / "godwit.yaml").read_text()

    made = project.run("new", "add", "users", code=0)
    file = write_sql(project)
    assert re.fullmatch(r"\d{14}_add_users\.sql", file.name)
    assert file.name in made.stdout

    plan = project.run("plan", code=0)
    assert "CREATE TABLE users" in plan.stdout
    if database.kind == "sqlite":
        assert not database.path.exists(), "plan made the database"
    else:
        assert database.tables(ledger=True) == [], "plan wrote to the database"

    project.run("up", code=0)
    assert database.tables() == ["users"]
    assert "applied" in project.run("status", code=0).stdout

    assert project.run("down", "--yes", code=0).code == 0
    assert database.tables() == []
    assert "pending" in project.run("status", code=0).stdout

    project.run("up", code=0)
    assert database.tables() == ["users"]
    assert project.run("up", code=0).code == 0  # nothing to do


def started(newcomer):
    project, database = newcomer
    project.run("init", database.url, code=0)
    project.run("new", "add users", code=0)
    write_sql(project)
    project.run("up", code=0)
    return project, database


def test_down_without_a_terminal_refuses_and_changes_nothing(newcomer):
    project, database = started(newcomer)
    before = database.dump_data(ledger=True)
    refused = project.run("down", code=9)
    assert "error[GW0901]" in refused.stderr
    assert "nothing was changed" in refused.stderr
    assert "--yes" in refused.stderr
    assert database.dump_data(ledger=True) == before


@pytest.mark.parametrize("answer, code, tables", [
    ("y\n", 0, []), ("yes\n", 0, []), ("n\n", 9, ["users"]), ("\n", 9, ["users"]),
    ("\x04", 9, ["users"])])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_down_asks_at_a_terminal(newcomer, answer, code, tables):
    project, database = started(newcomer)
    with Terminal(project, "down") as terminal:
        terminal.expect("[y/N]")
        assert database.tables() == ["users"]
        terminal.type(answer)
        assert terminal.finish() == code, terminal.seen
    assert database.tables() == tables
    assert "undo" in terminal.seen


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_down_asks_at_a_terminal_on_servers(newcomer):
    project, database = started(newcomer)
    with Terminal(project, "down") as terminal:
        terminal.expect("[y/N]")
        terminal.type("y\n")
        assert terminal.finish() == 0, terminal.seen
    assert database.tables() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_init_finds_existing_migrations_and_keeps_them(newcomer):
    project, database = newcomer
    project.write("db/migrations/20240101000000_users.sql", UP_AND_DOWN)
    project.run("init", database.url, code=0)
    assert "db/migrations" in (project.folder / "godwit.yaml").read_text()
    assert not (project.folder / "migrations").exists()
    project.run("up", code=0)
    assert database.tables() == ["users"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_up_makes_a_database_that_is_not_there(newcomer):
    project, database = newcomer
    project.run("init", database.url, code=0)
    project.run("new", "add users", code=0)
    write_sql(project)
    for command in (["status"], ["down", "--yes"], ["redo", "--yes"], ["verify"], ["log"],
                    ["doctor"], ["seed"], ["plan"]):
        project.run(*command)
        assert not database.path.exists(), f"{command[0]} made the database"
    up = project.run("up", code=0)
    assert "app.db" in up.stderr
    assert database.path.exists()
