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
    # What commits by itself has an event before it, too.
    told = [(event["type"], event["version"]) for event in events if event["type"] != "begin"]
    assert told == [("run", None), ("up", "1"), ("up", "2"), ("run", None), ("down", "2"),
                    ("run", None), ("up", "2")]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["at"].endswith("Z") and len(event["hash"]) == 64 for event in events)
    assert all(event["actor"] and event["host"] for event in events)


def test_limit_gives_the_newest(busy):
    events = busy.run("log", "--limit", "2", "--json", code=0).json()["events"]
    whole = busy.run("log", "--json", code=0).json()["events"]
    assert events == whole[-2:]
    busy.run("log", "--limit", "-1", code=2)


def test_a_whole_chain_passes(busy, database):
    result = busy.run("log", "--check", "--json", code=0).json()
    events = 7 if database.kind != "mariadb" else 11  # schema changes begin and end there
    assert result["check"] == {"events": events, "altered": None, "unwitnessed": 0}
    assert "none altered" in busy.run("log", "--check", code=0).stdout


def test_without_a_ledger_the_log_is_empty_and_nothing_is_made(project, database):
    assert project.run("log", "--json", code=0).json()["events"] == []
    project.run("log", "--check", code=0)
    assert database.tables(ledger=True) == []


@pytest.mark.parametrize("change", [
    "type = 'down'", "version = '3'", "name = 'other'", "kind = 'marked'", "state = ''",
    "direction = 'down'", "phase = 'expand'", "raw_sha256 = token_sha256",
    "token_sha256 = raw_sha256", "batch = 7", "origin = 1", "replaces = 1",
    "started = '2020-01-01T00:00:00Z'", "duration = 5", "steps = ''", "note = 'x'", "fence = 9",
    "hash = ''",
])
def test_an_altered_event_is_seen(busy, database, change):
    events = ledger(database, "events")
    sql = f"UPDATE {events} SET {change} WHERE number = 2"
    if change == "hash = ''":  # without a hash of its own it is the next one's that does not fit
        assert altered(busy, database, f"{sql}; UPDATE {events} SET note = 'y' WHERE number = 2",
                       "event 3") == 3
    else:
        assert altered(busy, database, sql, "event 2") == 2


def test_an_event_that_is_gone_is_seen(busy, database):
    events = ledger(database, "events")
    assert altered(busy, database, f"DELETE FROM {events} WHERE number = 3", "event 3") == 3


def test_a_tail_that_is_cut_off_is_seen(busy, database):
    events = ledger(database, "events")
    assert altered(busy, database, f"DELETE FROM {events} WHERE number > 5", "") == 6


def test_a_migration_that_was_put_in_is_seen(busy, database):
    busy.run("down", "--yes", code=0)
    events = ledger(database, "events")
    last = int(database.value(f"SELECT max(number) FROM {events}"))
    columns = ("fence, type, name, kind, state, direction, phase, raw_sha256, token_sha256, batch,"
               " origin, replaces, started, duration, written, steps, note, hash")
    altered(busy, database, f"INSERT INTO {events} (project, place, number, version, {columns})"
            f" SELECT project, place, {last + 1}, '2', {columns} FROM {events} WHERE number = 2",
            f"event {last + 1}")


def test_another_name_in_the_list_of_runs_is_seen(busy, database):
    runs = ledger(database, "runs")
    altered(busy, database, f"UPDATE {runs} SET actor = 'nobody'", "another run than the list")


def test_marks_and_repairs_are_part_of_a_whole_chain(busy):
    busy.migration("3_three", TABLE.format("three"))
    busy.run("mark", "--applied", "3", "--yes", code=0)
    busy.run("mark", "--pending", "1", "--yes", code=0)
    busy.run("log", "--check", code=0)
