"""The stall budget: what godwit asks of the application while somebody holds a lock in its way."""

import json
import time

import pytest

from faults.sessions import Probe, Reader, Session

STALL = 0.1
MARGIN = 0.4  # two busy cores, a sanitizer, and the DDL's own time
READ_SECONDS = 6
KINDS = ["postgres", "mariadb"]

BOTH = """\
-- migrate:up
ALTER TABLE first ADD COLUMN extra int;
ALTER TABLE second ADD COLUMN extra int;
-- migrate:down
ALTER TABLE second DROP COLUMN extra;
ALTER TABLE first DROP COLUMN extra;
"""


@pytest.fixture(params=KINDS)
def ground(request, make_database, make_project):
    database = make_database(request.param)
    database.sql("CREATE TABLE first (id int PRIMARY KEY); INSERT INTO first VALUES (1), (2);"
                 "CREATE TABLE second (id int PRIMARY KEY); INSERT INTO second VALUES (1), (2);")
    return database, make_project(database)


def columns(database, table):
    schema = {"postgres": "'public'", "mariadb": "DATABASE()"}[database.kind]
    return [name for name, in database.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name ="
        f" '{table}' AND table_schema = {schema} ORDER BY ordinal_position")]


def events(result, kind=None):
    found = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    return [event for event in found if kind in (None, event.get("event", event.get("type")))]


def check_blocker(text, reader):
    """The blocker is named: its process, its user, how long it has been at it, and its query."""
    assert reader.id in text, text
    assert "godwit" in text, text
    assert reader.query.rstrip(";")[:20] in text, text
    assert " for " in text, text


def measure_quiet(database, project):
    """The longest wait of a read while nobody is in the migration's way: the DDL's own time, and
    what the machine does besides."""
    with Probe(database, "first") as first, Probe(database, "second") as second:
        project.run("up", code=0)
        project.run("down", "--yes", code=0)
        time.sleep(1)
    return max(first.longest, second.longest)


def measure_stall(database, project):
    """The longest waits of reads of the two tables while a reader is in the migration's way."""
    with Reader(database, "second", READ_SECONDS) as reader, Probe(database, "first") as first, \
            Probe(database, "second") as second:
        began = time.monotonic()
        done = project.run("up", "--json", code=0, timeout=60)
        landed = time.monotonic() - began
    assert columns(database, "first") == columns(database, "second") == ["id", "extra"]
    result = done.json()
    print(f"{database.kind}: {first.count} reads of the first table waited "
          f"{first.longest * 1e3:.0f} ms at most, {second.count} of the second "
          f"{second.longest * 1e3:.0f} ms, with a budget of {STALL * 1e3:.0f} ms; the migration "
          f"landed {landed - READ_SECONDS + 0.3:.1f} s after the reader ended, at try "
          f"{result['retries'] + 1}; said: longest stall {result['longest_stall_us'] / 1e3:.0f} ms")
    assert landed > READ_SECONDS - 1
    assert first.count > 50 and second.count > 50
    assert result["longest_stall_us"] / 1e6 < STALL + MARGIN
    retries = events(done, "migration_retry")
    assert retries, done.stderr
    check_blocker(retries[-1]["detail"], reader)
    return first.longest, second.longest


def check_stall(ground, times):
    database, project = ground
    project.migration("1_both", BOTH)
    quiet = measure_quiet(database, project)
    waits = []
    for _ in range(times):
        waits.append(max(measure_stall(database, project)))
        project.run("down", "--yes", code=0)
    print(f"{database.kind}: longest wait of a read in {times} such runs: "
          f"{' '.join(f'{wait * 1e3:.0f}' for wait in sorted(waits))} ms; in a run that nobody is "
          f"in the way of: {quiet * 1e3:.0f} ms")
    assert max(waits) < STALL + MARGIN


@pytest.mark.timeout(120)
def test_a_reader_of_the_second_table_does_not_hold_up_the_first(ground):
    check_stall(ground, 1)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_reader_of_the_second_table_does_not_hold_up_the_first_ten_times(ground):
    check_stall(ground, 10)


BLOCK = """\
-- migrate:up transaction:false
BEGIN;
ALTER TABLE first ADD COLUMN extra int;
ALTER TABLE second ADD COLUMN extra int;
COMMIT;
-- migrate:irreversible no
"""
BESIDE = """\
-- migrate:up
ALTER TABLE first ADD COLUMN extra int;
ALTER TABLE second ADD COLUMN extra int;
CREATE INDEX CONCURRENTLY first_id ON first (id);
-- migrate:irreversible no
"""
ALONE = """\
-- migrate:up transaction:false
ALTER TABLE first ADD COLUMN extra int;
ALTER TABLE second ADD COLUMN extra int;
-- migrate:irreversible no
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["postgres"], indirect=True)
@pytest.mark.parametrize("text", [BLOCK, BESIDE, ALONE], ids=["block", "beside", "alone"])
def test_the_budget_holds_where_statements_run_outside_a_transaction_too(ground, text):
    database, project = ground
    project.migration("1_both", text)
    with Reader(database, "second", 4), Probe(database, "first") as first, \
            Probe(database, "second") as second:
        project.run("up", "--json", code=0, timeout=60)
    assert columns(database, "first") == columns(database, "second") == ["id", "extra"]
    print(f"reads of the first table waited {first.longest:.3f} s at most, of the second "
          f"{second.longest:.3f} s, with a budget of {STALL} s")
    assert first.longest < STALL + MARGIN
    assert second.longest < STALL + MARGIN


@pytest.mark.timeout(120)
def test_when_the_patience_is_over_nothing_was_changed_and_the_blocker_is_named(ground):
    database, project = ground
    project.migration("1_one", "-- migrate:up\nALTER TABLE second ADD COLUMN extra int;\n"
                      "-- migrate:down\nALTER TABLE second DROP COLUMN extra;\n")
    with Reader(database, "second", READ_SECONDS) as reader, Probe(database, "second") as probe:
        began = time.monotonic()
        stopped = project.run("up", "--json", env={"GODWIT_PATIENCE": "2s"}, code=8)
        seconds = time.monotonic() - began
        reader.wait()
    error = stopped.json()["error"]
    assert error["code"] == "GW0801"
    check_blocker(error["hint"], reader)
    assert columns(database, "second") == ["id"]
    assert probe.longest < STALL + MARGIN
    assert 1.5 < seconds < 6
    project.run("up", code=0)
    assert columns(database, "second") == ["id", "extra"]
    print(f"{database.kind}: gave up after {seconds:.1f} s of a patience of 2 s: {error['hint']}")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["mariadb"], indirect=True)
def test_a_statement_that_works_is_never_cut(ground):
    """An ALTER that copies for seconds holds locks, but waits for none."""
    database, project = ground
    database.sql("CREATE TABLE big (id int PRIMARY KEY, body varchar(400));"
                 " INSERT INTO big SELECT seq, repeat('x', 300) FROM seq_1_to_120000;")
    project.migration("1_big", "-- migrate:up\n"
                      "ALTER TABLE big ADD COLUMN c int DEFAULT 1, ALGORITHM=COPY;\n"
                      "-- migrate:down\nALTER TABLE big DROP COLUMN c;\n")
    began = time.monotonic()
    result = project.run("up", "--json", code=0).json()
    assert result["retries"] == 0
    assert columns(database, "big") == ["id", "body", "c"]
    print(f"an ALTER that worked for {time.monotonic() - began:.1f} s was not cut")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("before", ["", "ANALYZE"])
def test_data_statements_wait_for_rows_longer_than_the_budget(ground, before):
    """Row locks of others hold up godwit alone; nobody queues behind it. Also where a statement
    outside a transaction had the budget before."""
    database, project = ground
    service = {"postgres": "VACUUM second;\n", "mariadb": "ANALYZE TABLE second;\n"}
    project.migration("1_rows", "-- migrate:up transaction:false\n"
                      f"{service[database.kind] if before else ''}UPDATE first SET id = id + 10;\n"
                      "-- migrate:down\nUPDATE first SET id = id - 10;\n")
    with Session(database) as other, Probe(database, "first") as probe:
        other.send("BEGIN;")
        other.ask("UPDATE first SET id = 3 WHERE id = 2; SELECT 1;")
        run = project.start("up", "--json")
        time.sleep(2)
        assert run.poll() is None
        other.ask("ROLLBACK; SELECT 1;")
        out, talk = run.communicate(timeout=30)
    assert run.returncode == 0, talk
    assert json.loads(out)["retries"] == 0
    assert probe.longest < STALL + MARGIN
    assert database.sql("SELECT id FROM first ORDER BY id") == [("11",), ("12",)]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["postgres"], indirect=True)
def test_a_concurrent_build_waits_for_an_old_transaction_and_is_not_cut(ground):
    database, project = ground
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      "CREATE INDEX CONCURRENTLY first_id ON first (id);\n"
                      "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY first_id;\n")
    with Session(database) as old, Probe(database, "first") as probe:
        old.send("BEGIN ISOLATION LEVEL REPEATABLE READ;")
        old.ask("SELECT count(*) FROM second;")
        run = project.start("up", "--json")
        time.sleep(4)
        assert run.poll() is None
        old.ask("COMMIT; SELECT 1;")
        out, talk = run.communicate(timeout=30)
    assert run.returncode == 0, talk
    assert json.loads(out)["retries"] == 0
    assert probe.longest < STALL + MARGIN
    assert database.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'first_id'::regclass"
                        ) == [("t",)]
    told = [json.loads(line) for line in talk.decode().splitlines() if '"step_waiting"' in line]
    assert told and old.id in json.dumps(told), talk
