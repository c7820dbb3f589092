"""Tables without transactions keep part of a statement that fails or dies: it is never run again by
itself, and a person settles it with one of two commands."""

import subprocess
import time

import pytest

from faults.effects import wait_for
from harness.database import ClientError

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SOURCE = """CREATE TABLE source (id int PRIMARY KEY, v int) ENGINE=InnoDB;
INSERT INTO source SELECT seq, IF(seq = 15, 7, seq) FROM seq_1_to_20;"""
COPY = "INSERT INTO plain SELECT v FROM source ORDER BY id"
LAST = "INSERT INTO source VALUES (99, 99);\n"
UNDO = "-- migrate:irreversible no\n"
ENGINES = ["MEMORY", "MyISAM", "Aria"]


@pytest.fixture
def ground(make_database, make_project):
    database = make_database("mariadb")
    database.sql(SOURCE)
    return database, make_project(database)


def make_plain(database, engine):
    database.sql(f"CREATE TABLE plain (v int, UNIQUE KEY (v)) ENGINE={engine};")


def count(database, table="plain"):
    return int(database.value(f"SELECT count(*) FROM {table}"))


def refuse(project):
    """The next runs do not touch it."""
    for _ in range(2):
        result = project.run("up", code=4)
        assert "GW0430" in result.stderr
        assert "godwit repair --done 1" in result.stderr
        assert "godwit repair --not-done 1" in result.stderr
        assert "which keeps part of a failed statement" in result.stderr


@pytest.mark.parametrize("engine", ENGINES)
def test_a_statement_that_fails_in_the_middle_is_not_run_again(ground, engine):
    database, project = ground
    make_plain(database, engine)
    project.migration("1_copy", f"-- migrate:up\n{COPY};\n{LAST}{UNDO}")
    plan = project.run("plan", code=0)
    assert f"table plain is ENGINE={engine}, which keeps part" in plan.stdout + plan.stderr
    result = project.run("up", code=4)
    assert "godwit repair --not-done 1" in result.stderr
    kept = count(database)
    assert kept == 14
    refuse(project)
    assert count(database) == kept
    database.sql("DELETE FROM plain; UPDATE source SET v = 15 WHERE id = 15;")
    project.run("repair", "--not-done", "1", "--yes", code=0)
    project.run("up", code=0)
    assert count(database) == 20
    assert count(database, "source") == 21


def test_a_run_that_dies_in_such_a_statement_is_settled_by_a_person(ground):
    database, project = ground
    database.sql("CREATE TABLE plain (v int) ENGINE=MyISAM;")
    slow = "INSERT INTO plain SELECT v + 0 * sleep(0.2) FROM source"
    project.migration("1_copy", f"-- migrate:up\n{slow};\n{LAST}{UNDO}")
    process = project.start("up", **QUIET)
    wait_for(lambda: database.server.sql("SELECT count(*) FROM information_schema.processlist"
                                         " WHERE info LIKE 'INSERT INTO plain%'").strip() != "0",
             20, "the statement")
    time.sleep(1)
    process.kill()
    process.wait()
    result = project.run("up", "--wait-lock", "30s", code=4)
    assert "GW0430" in result.stderr
    assert count(database) > 0
    refuse(project)
    database.sql("DELETE FROM plain; INSERT INTO plain SELECT v FROM source;")
    project.run("repair", "--done", "1", "--yes", code=0)
    project.run("up", code=0)
    assert count(database) == 20
    assert count(database, "source") == 21


@pytest.mark.parametrize("make", [
    "CREATE TABLE plain (v int, UNIQUE KEY (v)) ENGINE=MEMORY",
    "CREATE TABLE plain (v int, UNIQUE KEY (v)) ENGINE = 'MyISAM'",
    "CREATE TABLE plain (v int, UNIQUE KEY (v));\nALTER TABLE plain ENGINE=Aria",
    "CREATE TABLE plain LIKE pattern"])
def test_a_table_made_by_the_plan_is_known(ground, make):
    database, project = ground
    database.sql("CREATE TABLE pattern (v int, UNIQUE KEY (v)) ENGINE=MyISAM;")
    project.migration("1_copy", f"-- migrate:up\n{make};\n{COPY};\n{UNDO}")
    project.run("up", code=4)
    assert count(database) == 14
    refuse(project)
    assert count(database) == 14


def test_statements_in_a_row_stand_alone(ground):
    """Rows one by one are one step elsewhere; here each is written down."""
    database, project = ground
    make_plain(database, "MEMORY")
    project.migration("1_rows", "-- migrate:up\nINSERT INTO plain VALUES (1);\n"
                      "INSERT INTO plain VALUES (2);\nINSERT INTO plain VALUES (3), (2);\n"
                      f"INSERT INTO plain VALUES (5);\n{UNDO}")
    assert project.run("up", code=4).stderr.count("Duplicate entry") == 1
    assert count(database) == 3
    refuse(project)
    database.sql("DELETE FROM plain WHERE v = 3;")
    project.migration("1_rows", "-- migrate:up\nINSERT INTO plain VALUES (1);\n"
                      "INSERT INTO plain VALUES (2);\nINSERT INTO plain VALUES (3), (4);\n"
                      f"INSERT INTO plain VALUES (5);\n{UNDO}")
    project.run("repair", "--not-done", "1", "--yes", code=0)
    project.run("up", code=0)
    assert database.sql("SELECT v FROM plain ORDER BY v") == [(n,) for n in "12345"]


def test_what_fails_before_the_first_row_is_not_in_doubt(ground):
    database, project = ground
    make_plain(database, "MEMORY")
    project.migration("1_copy", f"-- migrate:up\nINSERT INTO plain SELECT w FROM source;\n{UNDO}")
    project.run("up", code=4)
    project.migration("1_copy", f"-- migrate:up\nINSERT INTO plain SELECT id FROM source;\n{UNDO}")
    project.run("up", code=0)
    assert count(database) == 20


@pytest.mark.parametrize("statement, wanted", [
    ("INSERT INTO source SELECT 100, v FROM plain", "0"),
    ("UPDATE source JOIN plain USING (v) SET source.v = 3", "1"),
    ("DELETE FROM plain", "1")])
def test_only_what_is_written_counts(ground, statement, wanted):
    database, project = ground
    make_plain(database, "MEMORY")
    project.migration("1_change", f"-- migrate:up\n{statement};\n{UNDO}")
    result = project.run("plan", "--json", code=0)
    warnings = [text for migration in result.json()["migrations"]
                for text in migration["warnings"] if "keeps part" in text]
    assert str(len(warnings)) == wanted
    assert project.run("up", code=0)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("engine", ["InnoDB", "MyISAM"])
def test_a_table_made_from_a_select_is_there_as_a_whole_or_not_at_all(
        make_database, make_project, engine):
    """… also when the server dies in the middle."""
    database = make_database("mariadb")
    database.sql(SOURCE)
    project = make_project(database)
    project.migration("1_made", f"-- migrate:up\nCREATE TABLE made ENGINE={engine} AS"
                      f" SELECT id, sleep(0.15) slept FROM source;\n{UNDO}")
    process = project.start("up", **QUIET)
    time.sleep(1.5)
    assert process.poll() is None
    database.server.kill()
    process.wait(60)
    database.server.restart()
    with pytest.raises(ClientError):
        count(database, "made")
    project.run("up", "--wait-lock", "60s", code=0)
    assert count(database, "made") == 20
