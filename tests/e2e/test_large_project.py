"""More migrations than a run holds the texts of: they are read again when they run."""

import pytest

MANY = 1300
VERSION = "20240101{:06d}".format


@pytest.fixture
def large(project, database):
    project.migration("20230101000000_effects",
                      "-- migrate:up\nCREATE TABLE effects (number integer NOT NULL);\n"
                      "-- migrate:down\nDROP TABLE effects;\n")
    for number in range(MANY):
        project.migration(f"{VERSION(number)}_n", f"-- migrate:up\nINSERT INTO effects VALUES "
                          f"({number});\n-- migrate:down\nDELETE FROM effects WHERE number = "
                          f"{number};\n")
    return project


def effects(database):
    return [int(row[0]) for row in database.sql("SELECT number FROM effects ORDER BY number")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_of_thousands_runs_once_and_is_undone(large, database):
    large.run("up", code=0)
    assert effects(database) == list(range(MANY))
    large.run("up", code=0)
    assert effects(database) == list(range(MANY))
    large.run("down", "--to", "20230101000000", "--yes", code=0)
    assert effects(database) == []
    large.run("up", "--atomic", code=0)
    assert effects(database) == list(range(MANY))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_changes_under_a_run_stops_it(large, database):
    last = f"migrations/{VERSION(MANY - 1)}_n.sql"
    config = large.folder / "godwit.yaml"
    config.write_text(config.read_text() + "hooks:\n  before_up: [sh, -c, \"sed -i "
                      f"s/INSERT/REPLACE/ {last}\"]\n")
    result = large.run("up", code=6)
    assert f"{last} was changed while the run was under way" in result.stderr
    assert f"state: {MANY} of {MANY + 1} migrations of this run are done" in result.stderr
    assert effects(database) == list(range(MANY - 1))
    large.run("up", code=0)
    assert effects(database) == list(range(MANY))
