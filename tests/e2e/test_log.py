"""`log` lists what was done; `log --check` sees what was altered behind its back."""

import pytest

TABLE = "-- migrate:up\nCREATE TABLE {0} (id integer);\n-- migrate:down\nDROP TABLE {0};\n"


@pytest.fixture
def busy(project):
    """A project with a history: two up, one down, one up again."""
    project.migration("1_one", TABLE.format("one"))
    project.migration("2_two", TABLE.format("two"))
    project.run("up", code=0)
    project.run("down", "--yes", code=0)
    project.run("up", code=0)
    return project


def ledger(database, table):
    return f"godwit.{table}" if database.kind == "postgres" else f"godwit_{table}"


def altered(project, database, sql, what):
    """After `sql` the check fails and says `what`."""
    database.sql(sql)
    result = project.run("log", "--check", "--json", code=6)
    said = result.json()
    assert said["error"]["code"] == "GW0605", str(result)
    assert what in said["error"]["message"]
    return said["result"]["check"]["altered"]


def test_the_log_tells_who_did_what_in_order(busy):
    events = busy.run("log", "--json", env={"GODWIT_ACTOR": "x"}, code=0).json()["events"]
    told = [(event["type"], event["version"]) for event in events]
    assert told == [("run", None), ("up", "1"), ("up", "2"), ("run", None), ("down", "2"),
                    ("run", None), ("up", "2")]
    assert [event["sequence"] for event in events] == list(range(1, 8))
    assert all(event["at"].endswith("Z") and len(event["hash"]) == 64 for event in events)
    assert all(event["actor"] and event["host"] for event in events)


def test_limit_gives_the_newest(busy):
    events = busy.run("log", "--limit", "2", "--json", code=0).json()["events"]
    assert [event["sequence"] for event in events] == [6, 7]
    busy.run("log", "--limit", "-1", code=2)


def test_a_whole_chain_passes(busy):
    result = busy.run("log", "--check", "--json", code=0).json()
    assert result["check"] == {"events": 7, "altered": None, "unwitnessed": 0}
    assert "none altered" in busy.run("log", "--check", code=0).stdout


def test_without_a_ledger_the_log_is_empty_and_nothing_is_made(project, database):
    assert project.run("log", "--json", code=0).json()["events"] == []
    project.run("log", "--check", code=0)
    assert database.tables(ledger=True) == []


def test_an_altered_event_is_seen(busy, database):
    events = ledger(database, "events")
    number = altered(busy, database, f"UPDATE {events} SET body = REPLACE(body, '\"up\"', '\"go\"')"
                     " WHERE number = 2", "event 2")
    assert number == 2


def test_an_event_that_is_gone_is_seen(busy, database):
    events = ledger(database, "events")
    assert altered(busy, database, f"DELETE FROM {events} WHERE number = 3", "event 3") == 3


def test_a_tail_that_is_cut_off_is_seen(busy, database):
    events = ledger(database, "events")
    assert altered(busy, database, f"DELETE FROM {events} WHERE number > 5", "") == 6


def test_a_record_that_no_event_tells_of_is_seen(busy, database):
    table = ledger(database, "migrations")
    altered(busy, database, f"UPDATE {table} SET version = '3' WHERE version = '1'",
            "migration 3 is recorded")


def test_a_record_that_was_taken_away_is_seen(busy, database):
    table = ledger(database, "migrations")
    altered(busy, database, f"DELETE FROM {table} WHERE version = '1'", "migration 1 was applied")


def test_a_record_that_was_put_back_is_seen(busy, database):
    busy.run("down", "--yes", code=0)
    table = ledger(database, "migrations")
    columns = ("name, kind, state, direction, phase, raw_sha256, token_sha256, batch, number, run,"
               " fence, program, started")
    altered(busy, database, f"INSERT INTO {table} (project, place, version, {columns})"
            f" SELECT project, place, '2', {columns} FROM {table} WHERE version = '1'",
            "its last event undid it")


def test_marks_and_repairs_are_part_of_a_whole_chain(busy):
    busy.migration("3_three", TABLE.format("three"))
    busy.run("mark", "--applied", "3", "--yes", code=0)
    busy.run("mark", "--pending", "1", "--yes", code=0)
    busy.run("log", "--check", code=0)
