"""One migration of tens of thousands of statements, each a step of its own: time grows with their
number, and what the ledger keeps of them stays small."""

import hashlib
import re
import time

import pytest

COUNT = 30_000
TOLD = 10_000


@pytest.fixture
def alternating(project):
    """Two tables are filled in turn, so that no two statements are one step."""
    rows = "".join(f"INSERT INTO {'ab'[i % 2]} VALUES ({i});\n" for i in range(COUNT))
    project.migration("1_many", f"-- migrate:up\nCREATE TABLE a (i int);\nCREATE TABLE b (i int);\n"
                      f"{rows}-- migrate:down\nDROP TABLE a;\nDROP TABLE b;\n")
    return project


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_migration_of_many_statements(alternating, database):
    began = time.monotonic()
    shown = alternating.run("up", code=0).stderr
    taken = time.monotonic() - began
    assert taken < 30, f"{taken} s"
    assert "more steps" in shown
    assert database.value("SELECT count(*) FROM a") == str(COUNT // 2)
    events = "godwit.events" if database.kind == "postgres" else "godwit_events"
    (length, first, last), = database.sql(
        "SELECT length(steps), substr(steps, 1, 400), substr(steps, length(steps) - 99)"
        f" FROM {events} WHERE type = 'up'")
    assert int(length) < 1024 * 1024
    told = first.split(", ")
    assert re.fullmatch(r"1 1 [0-9a-f]{64} CREATE TABLE", told[0])
    assert told[3].split()[2] == hashlib.sha256(b"INSERT INTO b VALUES (1)").hexdigest()
    assert re.search(rf", {COUNT + 2 - TOLD} more [0-9a-f]{{64}}$", last)
    alternating.run("log", "--check", code=0)
    alternating.run("down", "--yes", code=0)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_plan_has_all_of_them(alternating):
    migration, = alternating.run("plan", "--json", code=0).json()["migrations"]
    assert len(migration["steps"]) == COUNT + 2 and migration["steps_left_out"] == 0
    assert [step["line"] for step in migration["steps"]] == list(range(2, COUNT + 4))
