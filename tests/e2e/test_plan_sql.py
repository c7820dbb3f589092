"""Scripts of `plan --sql`, run by each database's own client, leave what a run leaves."""

import re
import subprocess
import time

import pytest

from harness import thirty
from harness.database import ClientError
from servers.mariadb import PASSWORD

USERS = """-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) NOT NULL);
INSERT INTO users VALUES (1, 'a; b'), (2, 'it''s'); -- a remark at its end
-- migrate:down
DROP TABLE users;
"""
AGE = """-- migrate:up
ALTER TABLE users ADD COLUMN age integer;
UPDATE users SET age = 7;
-- migrate:verify
SELECT id FROM users WHERE age IS NULL;
-- migrate:down
ALTER TABLE users DROP COLUMN age;
"""
ROUTINES = {
    "sqlite": "CREATE TRIGGER later AFTER INSERT ON users BEGIN"
              " UPDATE users SET age = 8 WHERE id = NEW.id; END;",
    "postgres": "CREATE FUNCTION later() RETURNS integer LANGUAGE sql AS $$ SELECT 8; $$;",
    "mariadb": "CREATE PROCEDURE later() BEGIN DECLARE x integer; SET x = 8;"
               " UPDATE users SET age = x; END;",
}
UNDO = {"sqlite": "DROP TRIGGER later;", "postgres": "DROP FUNCTION later();",
        "mariadb": "DROP PROCEDURE later;"}


def client_command(database):
    """The client as the script says that it is to be run."""
    if database.kind == "sqlite":
        return ["sqlite3", "-init", "/dev/null", str(database.path)]
    if database.kind == "postgres":
        return [str(database.server.bin / "psql"), "-X", "-f", "-", *map(str, database._where())]
    return ["mariadb", "--no-defaults", f"--socket={database.server.socket}", "--user=godwit",
            f"--password={PASSWORD}", database.name]


def run_script(database, script, silent=True):
    """Run a script; what the client said when it failed, else None."""
    done = subprocess.run(client_command(database), input=script.encode(), capture_output=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        return done.stderr.decode()
    assert done.stderr == b""
    assert not silent or done.stdout == b""
    return None


def script_of(project, *words):
    return project.run("plan", "--sql", *words, code=0).stdout


def ledger(database, table):
    return f"godwit.{table}" if database.kind == "postgres" else f"godwit_{table}"


def records(database):
    """What is applied or begun, but for who did it and when."""
    return database.sql("SELECT version, type, name, state, kind, direction, phase, raw_sha256,"
                        f" token_sha256, batch, steps FROM {ledger(database, 'events')}"
                        " WHERE state <> '' AND number NOT IN (SELECT replaces FROM"
                        f" {ledger(database, 'events')}) ORDER BY number")


@pytest.fixture
def small(project, database):
    project.migration("20240101000000_users", USERS)
    project.migration("20240102000000_age", AGE)
    project.migration("20240103000000_later", f"-- migrate:up\n{ROUTINES[database.kind]}\n"
                      f"-- migrate:down\n{UNDO[database.kind]}\n")
    return project


def test_a_script_applies_and_records_what_up_would(small, database, make_project, make_database):
    assert run_script(database, script_of(small)) is None
    counts = small.run("status", "--exit-code", "--json", code=0).json()["counts"]
    assert (counts["applied"], counts["pending"], counts["changed"]) == (3, 0, 0)

    # The same by a run, elsewhere.
    other = make_project(make_database(database.kind))
    for file in (small.folder / "migrations").iterdir():
        other.migration(file.name, file.read_text())
    other.run("up", code=0)
    assert records(database) == records(other.database)
    assert database.dump_data() == other.database.dump_data()


def test_what_a_script_applied_godwit_undoes_and_applies_again(small, database):
    assert run_script(database, script_of(small)) is None
    small.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []
    small.run("up", code=0)
    assert database.value("SELECT sum(age) FROM users") == "14"


def test_the_audit_chain_goes_through_scripts_and_runs(small, database):
    small.run("up", "--to", "20240101000000", code=0)
    assert run_script(database, script_of(small)) is None
    small.run("down", "--yes", code=0)
    result = small.run("log", "--check", "--json", code=0).json()
    assert result["check"]["altered"] is None
    assert result["check"]["unwitnessed"] == 0
    told = [(event["type"], event["version"]) for event in result["events"]]
    assert ("up", "20240102000000") in told
    assert any("by a script that" in (event["text"] or "") for event in result["events"])


def test_a_script_made_without_a_connection_does_the_same(small, database):
    words = ["--from", "0", "--database", database.kind]
    assert run_script(database, script_of(small, *words)) is None
    small.run("status", "--exit-code", code=0)
    result = small.run("log", "--check", "--json", code=0).json()
    # SQLite cannot compute the chain's hashes: the run, three migrations, a check wait for a run.
    expected = 5 if database.kind == "sqlite" else 0
    assert result["check"]["unwitnessed"] == expected
    small.run("down", "--to", "0", "--yes", code=0)
    result = small.run("log", "--check", "--json", code=0).json()
    assert (result["check"]["unwitnessed"], result["check"]["altered"]) == (0, None)
    assert database.tables() == []


def test_from_leaves_out_what_is_applied(small, database):
    small.run("up", "--to", "20240102000000", code=0)
    words = ["--from", "20240102000000", "--database", database.kind]
    assert run_script(database, script_of(small, *words)) is None
    small.run("status", "--exit-code", code=0)


def test_no_connection_is_asked_for_with_from(make_project):
    project = make_project()
    project.migration("1_users", USERS)
    script = script_of(project, "--from", "0", "--database", "postgres")
    assert "CREATE TABLE users" in script
    project.run("plan", "--sql", "--from", "0", code=2)
    project.run("plan", "--sql", "--from", "0", "--database", "oracle", code=2)
    project.run("plan", "--sql", "--from", "9", "--database", "postgres", code=2)


def test_a_script_refuses_what_is_applied_already(small, database):
    script = script_of(small)
    small.run("up", code=0)
    before = database.dump_data(ledger=False)
    said = run_script(database, script)
    assert said is not None
    assert database.dump_data() == before
    assert len(records(database)) == 3
    small.run("status", "--exit-code", code=0)


def test_a_script_of_down_undoes(small, database):
    small.run("up", code=0)
    assert run_script(database, script_of(small, "--down", "--steps", "2")) is None
    counts = small.run("status", "--json", code=0).json()["counts"]
    assert (counts["applied"], counts["pending"]) == (1, 2)
    assert records(database)[0][0] == "20240101000000"
    small.run("log", "--check", code=0)
    small.run("up", code=0)


def test_a_script_of_down_refuses_what_is_not_applied(small, database):
    small.run("up", code=0)
    script = script_of(small, "--down")
    small.run("down", "--yes", code=0)
    said = run_script(database, script)
    assert said is not None
    small.run("up", code=0)


def test_a_check_that_does_not_hold_stops_a_script(small, database):
    small.migration("20240102000000_age", AGE.replace("= 7", "= NULL"))
    said = run_script(database, script_of(small))
    assert said is not None
    states = dict((row[0], row[3]) for row in records(database))
    assert "20240103000000" not in states
    assert states.get("20240102000000") in (None, "unverified")


def test_a_failing_statement_stops_a_script_and_a_run_goes_on(small, database):
    broken = AGE.replace("UPDATE users", "UPDATE no_such_table")
    small.migration("20240102000000_age", broken)
    said = run_script(database, script_of(small))
    assert "no_such_table" in said
    small.migration("20240102000000_age", AGE)
    states = dict((row[0], row[3]) for row in records(database))
    if database.kind == "mariadb":
        # The statement in doubt failed: a person says so, as nothing but the client saw it.
        assert states["20240102000000"] == "interrupted"
        result = small.run("up")
        if result.code != 0:
            small.run("repair", "--not-done", "20240102000000", "--yes", code=0)
    else:
        assert "20240102000000" not in states
    small.run("up", code=0)
    assert database.value("SELECT sum(age) FROM users") == "14"
    small.run("log", "--check", code=0)


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
def test_what_a_failing_script_did_not_make_needs_no_decision(project, database):
    text = ("-- migrate:up\nCREATE TABLE a (id integer PRIMARY KEY);\n"
            "CREATE TABLE b (a integer REFERENCES {} (id));\n"
            "-- migrate:down\nDROP TABLE b;\nDROP TABLE a;\n")
    project.migration("1_ab", text.format("nothing_here"))
    assert "b" in run_script(database, script_of(project))
    assert database.tables() == ["a"]
    project.migration("1_ab", text.format("a"))
    result = project.run("up", code=0)
    assert "did not do it" in result.stdout + result.stderr
    assert database.tables() == ["a", "b"]
    project.run("down", "--yes", code=0)
    assert database.tables() == []


def test_a_script_waits_for_no_other_run(small, database):
    script = script_of(small)
    small.run("up", "--to", "20240101000000", code=0)
    script = script_of(small)
    leases = ledger(database, "leases")
    database.sql(f"UPDATE {leases} SET run = 'somebody', mode = 'lease'")
    said = run_script(database, script)
    assert "fence" in said
    assert len(records(database)) == 1
    database.sql(f"UPDATE {leases} SET run = NULL")
    assert run_script(database, script) is None
    assert len(records(database)) == 3


SLEEP = {"postgres": "SELECT pg_sleep(2);", "mariadb": "DO SLEEP(2);"}


def wait_for_the_lease(database, tries=100):
    for _ in range(tries):
        if ledger(database, "leases").split(".")[-1] in " ".join(database.tables(ledger=True)):
            if database.value(f"SELECT count(*) FROM {ledger(database, 'leases')}"
                              " WHERE run IS NOT NULL") == "1":
                return
        time.sleep(0.05)
    raise AssertionError("nobody took the lease")


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_a_script_does_nothing_while_godwit_runs(project, database):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n"
                      f"{SLEEP[database.kind]}\n-- migrate:down\nDROP TABLE t;\n")
    script = script_of(project)
    with project.start("up") as run:
        wait_for_the_lease(database)
        assert "fence" in run_script(database, script)
        run.communicate(timeout=30)
    assert run.returncode == 0
    project.run("log", "--check", code=0)


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_godwit_does_nothing_while_a_script_runs(project, database):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n"
                      f"{SLEEP[database.kind]}\n-- migrate:down\nDROP TABLE t;\n")
    script = script_of(project)
    with subprocess.Popen(client_command(database), stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as client:
        client.stdin.write(script.encode())
        client.stdin.close()
        wait_for_the_lease(database)
        project.run("up", code=5)
        assert client.wait(30) == 0
    project.run("status", "--exit-code", code=0)
    assert len(records(database)) == 1


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_a_run_takes_over_from_a_script_that_was_killed(project, database):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n"
                      "-- migrate:down\nDROP TABLE t;\n")
    project.migration("2_sleep", f"-- migrate:up\n{SLEEP[database.kind]}\n"
                      "INSERT INTO t VALUES (1);\n-- migrate:down\nDELETE FROM t;\n")
    script = script_of(project)
    with subprocess.Popen(client_command(database), stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as client:
        client.stdin.write(script.encode())
        client.stdin.flush()
        for _ in range(100):
            if "t" in database.tables():
                break
            time.sleep(0.05)
        time.sleep(0.5)
        client.kill()
    project.run("up", "--wait-lock", "30s", code=0)
    assert database.sql("SELECT a FROM t") == [("1",)]
    project.run("log", "--check", code=0)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_script_refuses_another_schema_than_its_own(small, database):
    database.sql("CREATE SCHEMA other")
    script = script_of(small).replace("SET client_min_messages",
                                      "SET search_path = other;\nSET client_min_messages", 1)
    assert "fence" in run_script(database, script)
    assert database.tables() == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_copy_and_statements_outside_a_transaction_pass_through(project, database):
    project.migration("1_data", "-- migrate:up\nCREATE TABLE t (a integer, b text);\n"
                      "COPY t FROM stdin;\n1\tone; two\n2\t\\N\n\\.\n"
                      "-- migrate:down\nDROP TABLE t;\n")
    project.migration("2_index", "-- migrate:up transaction:false\n"
                      "CREATE INDEX CONCURRENTLY t_a ON t (a);\n"
                      "-- migrate:down\nDROP INDEX t_a;\n")
    assert run_script(database, script_of(project)) is None
    assert database.sql("SELECT a, b FROM t ORDER BY a") == [("1", "one; two"), ("2", None)]
    project.run("status", "--exit-code", code=0)
    project.run("down", "--to", "0", "--yes", code=0)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_rebuilt_table_keeps_its_references(project, database):
    project.migration("1_tables", "-- migrate:up\nCREATE TABLE p (id integer PRIMARY KEY);\n"
                      "CREATE TABLE c (p integer REFERENCES p (id));\n"
                      "INSERT INTO p VALUES (1);\nINSERT INTO c VALUES (1);\n"
                      "-- migrate:down\nDROP TABLE c;\nDROP TABLE p;\n")
    rebuild = ("-- migrate:up\nPRAGMA foreign_keys = OFF;\nCREATE TABLE n (id integer PRIMARY"
               " KEY, x text);\nINSERT INTO n SELECT id, NULL FROM p{where};\nDROP TABLE p;\n"
               "ALTER TABLE n RENAME TO p;\nPRAGMA foreign_keys = ON;\n"
               "-- migrate:down\nSELECT 1;\n")
    project.migration("2_rebuild", rebuild.format(where=" WHERE id > 1"))
    said = run_script(database, script_of(project))
    assert "NOT NULL" in said
    assert [row[0] for row in records(database)] == ["1"]
    project.migration("2_rebuild", rebuild.format(where=""))
    assert run_script(database, script_of(project)) is None
    assert database.sql("SELECT p FROM c JOIN p ON p.id = c.p") == [("1",)]


def test_nothing_to_do_is_a_script_that_does_nothing(small, database):
    small.run("up", code=0)
    before = records(database)
    assert run_script(database, script_of(small)) is None
    assert records(database) == before


def test_a_script_shows_no_password(small, database):
    script = script_of(small)
    assert PASSWORD not in script
    assert not re.search(r"//[^/\s]*:[^*/\s]+@", script)


@pytest.mark.timeout(300)
def test_thirty_migrations_go_up_by_a_script_and_down_by_a_run(project, database):
    thirty.prepare(database)
    thirty.write(project, database.kind)
    empty = thirty.state(database)
    assert run_script(database, script_of(project), silent=False) is None
    project.run("status", "--exit-code", code=0)
    assert thirty.effects(database) == thirty.expected_effects("up")
    project.run("down", "--to", "0", "--yes", code=0)
    assert thirty.state(database) == empty
    project.run("log", "--check", code=0)


def test_a_client_that_fails_is_seen(database):
    with pytest.raises(ClientError):
        database.sql("SELECT nothing FROM nowhere")


# Locks of tables in use

WAITS = {"postgres": "SET LOCAL lock_timeout = {0};",
         "mariadb": "SET SESSION lock_wait_timeout = {0};"}
SERVERS = pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)


def hold(database):
    """A client that reads the table of users in a transaction until it is killed."""
    session = subprocess.Popen(client_command(database), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wait = {"postgres": "SELECT pg_sleep(60);", "mariadb": "SELECT sleep(60);"}[database.kind]
    session.stdin.write(f"BEGIN;\nSELECT id FROM users;\n{wait}\n".encode())
    session.stdin.flush()
    asked = {"postgres": "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
                         " AND pid <> pg_backend_pid();",
             "mariadb": "SELECT count(*) FROM information_schema.processlist WHERE info LIKE"
                        " '%sleep(60)%' AND id <> connection_id();"}[database.kind]
    for _ in range(100):
        if database.value(asked) != "0":
            return session
        time.sleep(0.05)
    raise AssertionError("the reader does not read")


@SERVERS
def test_a_script_that_loses_a_lock_stops_and_can_be_run_again(project, database):
    project.migration("20240101000000_users", USERS)
    project.run("up", code=0)
    project.migration("20240101000001_age", AGE)
    script = script_of(project)
    assert WAITS[database.kind].format({"postgres": 100, "mariadb": 1}[database.kind]) in script
    reader = hold(database)
    began = time.monotonic()
    try:
        said = run_script(database, script)
    finally:
        reader.kill()
        reader.communicate()
    assert said and ("lock timeout" in said or "Lock wait timeout" in said), said
    assert time.monotonic() - began < 5
    if database.kind == "mariadb":  # the record of the migration stands, as of any that failed
        project.run("up", code=0)
    else:
        database.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE"
                     " '%pg_sleep(60)%' AND pid <> pg_backend_pid();")
        assert run_script(database, script) is None
        project.run("log", "--check", code=0)
    assert project.run("status", "--json", code=0).json()["counts"]["applied"] == 2


@SERVERS
def test_a_script_waits_as_the_target_and_the_section_say(project, database):
    project.configure("stall: 2s\npatience: 7s")
    project.migration("20240101000000_users", USERS)
    project.run("up", code=0)
    project.migration("20240101000001_age", AGE)
    unit = {"postgres": 1000, "mariadb": 1}[database.kind]
    wait = WAITS[database.kind]
    assert wait.format(2 * unit) in script_of(project)
    project.migration("20240101000001_age", AGE.replace("migrate:up", "migrate:up lock-timeout:5s"))
    assert wait.format(5 * unit) in script_of(project)
    offline = script_of(project, "--from", "20240101000000", "--database", database.kind)
    assert wait.format(5 * unit) in offline
    project.migration("20240101000001_age", AGE)
    offline = script_of(project, "--from", "20240101000000", "--database", database.kind)
    assert wait.format({"postgres": 100, "mariadb": 1}[database.kind]) in offline
