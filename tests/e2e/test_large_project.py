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


def told(result):
    """The number of the migration that an error is about."""
    line = next(line for line in result.stderr.splitlines() if "error[" in line)
    return next(number for number in (40, 700, MANY - 1) if VERSION(number) in line)


@pytest.mark.parametrize("wrong", [
    "-- migrate:up repeat:maybe\nSELECT 1;\n",  # found where the order is read
    "-- migrate:up\nINSERT INTO effects VALUES ('one);\n",  # found where the plan is made
])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_many_wrong_files_the_first_in_order_is_told(large, database, wrong):
    """They are read in several threads, and a later one may be found out sooner."""
    right = {}
    for number in (40, 700, MANY - 1):
        path = large.folder / f"migrations/{VERSION(number)}_n.sql"
        right[number] = (path, path.read_text())
        path.write_text(wrong)
    for number, (path, text) in right.items():
        for command in ("plan", "up"):
            for _ in range(3):
                assert told(large.run(command, code=2)) == number
        path.write_text(text)
    large.run("up", code=0)
    assert effects(database) == list(range(MANY))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_wrong_with_names_and_with_texts_is_told_in_order(large, database):
    """Two files of one version are found by their names alone, before any file is read."""
    large.migration(f"{VERSION(700)}_twice", "-- migrate:up\nSELECT 1;\n")
    text = large.folder / f"migrations/{VERSION(40)}_n.sql"
    right = text.read_text()
    text.write_text("-- migrate:up repeat:maybe\nSELECT 1;\n")
    assert told(large.run("plan", code=2)) == 40
    text.write_text(right)
    assert told(large.run("plan", code=2)) == 700


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_many_that_cannot_be_undone_the_newest_is_told(large, database):
    for number in (40, 700):
        large.migration(f"{VERSION(number)}_n",
                        f"-- migrate:up\nINSERT INTO effects VALUES ({number});\n")
    large.run("up", code=0)
    for _ in range(3):
        assert told(large.run("down", "--to", "0", "--yes", code=9)) == 700
    assert effects(database) == list(range(MANY))
