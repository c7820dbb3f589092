"""Bursts of tables on MariaDB, where the run asks for the names of all tables instead of for each,
and follows them itself: a run that dies at any point is still resumed exactly, also where names are
folded, and where a table belongs to another database."""

import pytest

from faults.scene import DEAD, spread
from harness.database import MariadbDatabase
from servers import MariaDB

COUNT = 14  # more than the questions after which the names are asked for
POINTS = 30
ALL = ("down", "--to", "0", "--yes")


class FoldingMariaDB(MariaDB):
    """A server that keeps names of tables in lower case."""

    def command(self):
        return [*super().command(), "--lower-case-table-names=1"]


@pytest.fixture
def folding(server_folder, make_project):
    server = FoldingMariaDB(server_folder / "folding", durable=False)
    try:
        server.start()
        server.create_database("gw_names")
        database = MariadbDatabase(server, "gw_names")
        yield database, make_project(database)
    finally:
        server.remove()


@pytest.fixture
def plain(make_database, make_project):
    database = make_database("mariadb")
    return database, make_project(database)


def write(project, names, drop="DROP TABLE {}"):
    for number, name in enumerate(names, 1):
        project.migration(f"{number}_t", f"-- migrate:up\nCREATE TABLE {name} (id int);\n"
                          f"-- migrate:down\n{drop.format(name)};\n")


def points_of(project, *command):
    counted = project.folder / "points"
    project.run(*command, env={"GODWIT_FAULT": f"count:{counted}"}, code=0)
    return int(counted.read_text())


def strike(project, point, *command):
    """Die at a point, and let the next run end it."""
    killed = project.run(*command, env={"GODWIT_FAULT": f"kill:{point}"})
    assert killed.code in (DEAD, 0), killed
    project.run(*command, code=0)


def kill_both_ways(project, tables, expected):
    up, down = points_of(project, "up"), points_of(project, *ALL)
    for going_up, going_down in zip(spread(up, POINTS), spread(down, POINTS)):
        strike(project, going_up, "up")
        assert tables() == expected, going_up
        strike(project, going_down, *ALL)
        assert tables() == [], going_down


@pytest.mark.timeout(300)
def test_a_burst_of_tables_is_resumed_exactly(plain):
    database, project = plain
    names = [f"t{number:02}" for number in range(COUNT)]
    write(project, names)
    kill_both_ways(project, database.tables, names)


@pytest.mark.timeout(300)
def test_names_that_the_server_folds_are_found(folding):
    database, project = folding
    write(project, [f"T{number:02}" for number in range(COUNT)])
    kill_both_ways(project, database.tables, [f"t{number:02}" for number in range(COUNT)])


def test_names_that_the_server_folds_are_sized(folding):
    """So many that they are asked for together."""
    database, project = folding
    names = [f"T{number:03}" for number in range(120)]
    database.sql("".join(f"CREATE TABLE {name} (id int);" for name in [*names, "GRÖSSE"]))
    for number, name in enumerate([*names, "GRÖSSE", "nothing"], 1):
        project.migration(f"{number}_t", f"-- migrate:up\nALTER TABLE {name} ADD COLUMN b int;\n"
                          "-- migrate:irreversible no\n")
    plan = project.run("plan", "--json", code=0).json()
    sizes = [migration["steps"][0]["bytes"] for migration in plan["migrations"]]
    assert sizes == [16384] * 121 + [None]


@pytest.mark.timeout(300)
def test_tables_of_another_database_are_found(plain):
    database, project = plain
    other = f"{database.name}_other"
    database.server.create_database(other)
    try:
        write(project, [f"{other}.t{number}" for number in range(4)])
        kill_both_ways(project, MariadbDatabase(database.server, other).tables,
                       [f"t{number}" for number in range(4)])
    finally:
        database.server.drop_database(other)


def test_what_else_changes_tables_is_not_overlooked(plain):
    """Statements that say of one table alone whether they ran, and change others as well."""
    database, project = plain
    write(project, [f"t{number}" for number in range(10)])
    for number, text in enumerate([
            "DROP TABLE t1, t2", "CREATE TABLE t2 (id int)", "RENAME TABLE t3 TO u3, t4 TO u4",
            "CREATE TABLE t4 (id int)", "ALTER TABLE t5 RENAME TO u5", "CREATE TABLE t5 (id int)",
            "DROP TABLE t2"], 11):
        project.migration(f"{number}_more", f"-- migrate:up\n{text};\n-- migrate:irreversible no\n")
    project.run("up", code=0)
    images = dict(database.sql("SELECT version, note FROM godwit_events WHERE type = 'begin'"))
    assert images["12"] == images["14"] == images["16"] == "absent"
    assert images["17"] == "present"
    assert images["1"] == images["10"] == "absent"
