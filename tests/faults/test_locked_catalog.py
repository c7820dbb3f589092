"""A table that another session holds so that nobody can read it: godwit still says what it knows,
waits no longer than it says, and names who is in the way."""

import time

import pytest

from faults.effects import effects, hold_effects, wait_for
from faults.sessions import Session
from servers.server import ServerError

PENDING = """\
-- migrate:up
ALTER TABLE held ADD COLUMN more int;
-- migrate:down
ALTER TABLE held DROP COLUMN more;
"""
LOOKS = [("plan",), ("plan", "--sql"), ("status",), ("doctor",), ("log",)]


class Holder(Session):
    """Holds a table of PostgreSQL as ALTER TABLE does."""

    def __init__(self, database, *tables):
        super().__init__(database)
        self.ask(f"BEGIN; LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE;"
                 " SELECT 'held';")


def timed(project, *command, code):
    began = time.monotonic()
    result = project.run(*command, code=code)
    return result, time.monotonic() - began


@pytest.fixture
def ground(make_database, make_project):
    database = make_database("postgres")
    hold_effects(database)
    database.sql("CREATE TABLE held (id int PRIMARY KEY, a int DEFAULT 3 CHECK (a > 0),"
                 " twice int GENERATED ALWAYS AS (a * 2) STORED);"
                 "CREATE INDEX held_a ON held (a) WHERE a > 1;"
                 "CREATE VIEW held_view AS SELECT * FROM held;"
                 "CREATE TABLE parts (id int) PARTITION BY RANGE (id);"
                 "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (1) TO (9);")
    return database, make_project(database)


def test_a_held_table_keeps_no_command_from_looking(ground):
    database, project = ground
    project.migration("1_more", PENDING)
    project.migration("2_parts", "-- migrate:up\nALTER TABLE parts ADD COLUMN b int;\n"
                      "-- migrate:down\nALTER TABLE parts DROP COLUMN b;\n")
    with Holder(database, "held", "parts", "part1"):
        for command in LOOKS:
            _, took = timed(project, *command, code=0)
            assert took < 2, command


def test_a_held_table_is_sized(ground):
    database, project = ground
    database.sql("INSERT INTO held SELECT g, 1 FROM generate_series(1, 5000) g; ANALYZE held;"
                 "INSERT INTO parts SELECT 1 FROM generate_series(1, 300) g; ANALYZE parts;")
    project.migration("1_more", PENDING)
    project.migration("2_parts", "-- migrate:up\nALTER TABLE parts ADD COLUMN b int;\n"
                      "-- migrate:down\nALTER TABLE parts DROP COLUMN b;\n")
    pages = int(database.value("SELECT relpages FROM pg_class WHERE relname = 'held'"))
    with Holder(database, "held", "parts", "part1"):
        migrations = project.run("plan", "--json", code=0).json()["migrations"]
    sizes = [(step["rows"], step["bytes"]) for migration in migrations
             for step in migration["steps"]]
    assert sizes == [(5000, pages * 8192), (300, 2 * 8192)]


def test_what_has_to_be_read_is_not_waited_for_long(ground):
    """The plan in a file is bound to the whole schema, which the server locks to write it down."""
    database, project = ground
    project.migration("1_more", PENDING)
    with Holder(database, "held") as holder:
        result, took = timed(project, "plan", "--output", "plan.json", code=4)
    assert took < 2.5
    assert "GW0424" in result.stderr
    assert "the definition of held cannot be read" in result.stderr
    assert f"in the way: session {holder.id}, user godwit (psql)" in result.stderr
    assert "next:  godwit plan --output plan.json" in result.stderr
    project.run("plan", "--output", "plan.json", code=0)


def test_a_run_waits_for_what_it_has_to_read(ground):
    """Before DROP INDEX CONCURRENTLY the catalog is asked for the index, whose table is held."""
    database, project = ground
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      "INSERT INTO effects VALUES ('before');\nVACUUM effects;\n"
                      "DROP INDEX CONCURRENTLY held_a;\n-- migrate:irreversible no\n")
    holder = Holder(database, "held")
    process = project.start("up")
    try:
        time.sleep(2.5)
        assert process.poll() is None
    finally:
        holder.close()
    _, talk = process.communicate(timeout=30)
    assert process.returncode == 0, talk.decode()
    assert effects(database) == ["before"]


def count_points(project):
    path = project.folder / "points"
    project.run("up", env={"GODWIT_FAULT": f"count:{path}"}, code=0)
    return int(path.read_text())


@pytest.mark.timeout(240)
def test_a_statement_in_doubt_stays_in_doubt_while_nobody_can_look(ground):
    """A run died at any point; the next one cannot read what tells whether a statement took effect;
    the one after that can."""
    database, project = ground
    project.configure("patience: 100ms")
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      "CREATE INDEX CONCURRENTLY ON held (a, id);\n"
                      "INSERT INTO effects VALUES ('after');\n"
                      "-- migrate:down\nDROP INDEX held_a_id_idx;\nDELETE FROM effects;\n")
    count_points(project)  # makes the ledger
    project.run("down", "--yes", code=0)
    points = count_points(project)
    refused = 0
    for point in range(points // 3, points + 1, 3):
        project.run("down", "--yes", code=0)
        project.run("up", env={"GODWIT_FAULT": f"kill:{point}", "GODWIT_LEASE": "1s"}, code=None)
        with Holder(database, "held") as holder:
            result = project.run("up", "--wait-lock", "30s", code=None)
            refused += f"session {holder.id}" in result.stderr
            assert result.code in (0, 4, 8), result
        project.run("up", "--wait-lock", "30s", code=0)
        assert database.sql("SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid ="
                            " indexrelid WHERE relname LIKE 'held_a_id%'") == [
                                ("held_a_id_idx", "t")], point
        assert effects(database) == ["after"], point
    print(f"killed at every third of {points} points; refused to go on blindly at {refused}")
    assert refused


@pytest.fixture
def making(make_database, make_project):
    """MariaDB makes a table from a long SELECT, and keeps it to itself all the while."""
    database = make_database("mariadb")
    hold_effects(database)
    maker = Session(database)
    maker.send("CREATE TABLE held AS SELECT seq, sleep(1) FROM seq_1_to_60;")
    time.sleep(0.5)
    yield database, make_project(database), maker
    end(database, maker)
    maker.close()


def end(database, session):
    try:
        database.server.sql(f"KILL {session.id}")
    except ServerError:
        pass  # it is gone


def test_a_table_in_the_making_keeps_no_command_from_looking(making):
    _, project, _ = making
    project.migration("1_more", PENDING)
    for command in LOOKS:
        _, took = timed(project, *command, code=0)
        assert took < 2, command


def test_a_catalog_with_a_hole_is_no_catalog(making):
    """The server leaves out what it does not get, with a warning."""
    database, project, maker = making
    project.migration("1_more", PENDING)
    result, took = timed(project, "plan", "--output", "plan.json", code=4)
    assert took < 5
    assert "GW0424" in result.stderr
    assert f"in the way: perhaps session {maker.id}, user godwit" in result.stderr
    assert "next:  godwit plan --output plan.json" in result.stderr
    end(database, maker)
    time.sleep(0.5)
    project.run("plan", "--output", "plan.json", code=0)


def test_a_run_waits_for_a_table_in_the_making(making):
    database, project, maker = making
    project.migration("1_more", "-- migrate:up\nCREATE OR REPLACE TABLE held (id int);\n"
                      "ALTER TABLE held ADD COLUMN more int;\n-- migrate:irreversible no\n")
    process = project.start("up", "--json")
    time.sleep(3)
    assert process.poll() is None
    end(database, maker)
    out, talk = process.communicate(timeout=30)
    assert process.returncode == 0, talk.decode()
    assert b"migration_retry" in talk, out
    assert database.value("SELECT count(*) FROM information_schema.columns WHERE table_schema ="
                          " DATABASE() AND table_name = 'held'") == "2"
