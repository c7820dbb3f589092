"""What a run promises: exactly the plan, once, in order, in a clean session, or not at all."""

import re
import signal
import time

import pytest

ONLY = {kind: pytest.mark.parametrize("database", [kind], indirect=True)
        for kind in ("sqlite", "postgres", "mariadb")}
FIRST, SECOND, THIRD = (f"2024010100000{n}" for n in range(3))


def table(name, more=""):
    return f"-- migrate:up\nCREATE TABLE {name} (id integer PRIMARY KEY);\n{more}" \
           f"-- migrate:down\nDROP TABLE {name};\n"


def states(project):
    found = project.run("status", "--json", "--all").json()["migrations"]
    return {row["version"]: row["state"] for row in found}


# All or nothing

@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_atomic_up_is_one_transaction(project, database):
    project.migration(f"{FIRST}_a", table("a"))
    project.migration(f"{SECOND}_b", table("b"))
    project.run("up", "--atomic", code=0)
    assert database.tables() == ["a", "b"]
    project.migration(f"{THIRD}_c", table("c", "INSERT INTO nowhere VALUES (1);\n"))
    project.migration("20240101000003_d", table("d"))
    project.run("up", "--atomic", code=4)
    assert database.tables() == ["a", "b"]
    assert list(states(project).values()) == ["applied", "applied", "pending", "pending"]


# Approved plans

@pytest.fixture
def planned(project, database):
    project.migration(f"{FIRST}_a", table("a"))
    project.run("up", code=0)
    project.migration(f"{SECOND}_b", table("b"))
    project.run("plan", "-o", "release.plan", code=0)
    return project


def test_an_approved_plan_runs(planned, database):
    planned.run("up", "--plan", "release.plan", code=0)
    assert database.tables() == ["a", "b"]


def test_an_approved_plan_stops_when_a_file_moved(planned, database):
    planned.migration(f"{SECOND}_b", table("c"))
    assert "GW0604" in planned.run("up", "--plan", "release.plan", code=6).stderr
    assert database.tables() == ["a"]


def test_an_approved_plan_stops_when_a_file_came(planned, database):
    planned.migration(f"{THIRD}_c", table("c"))
    assert "GW0604" in planned.run("up", "--plan", "release.plan", code=6).stderr
    assert database.tables() == ["a"]


def test_an_approved_plan_stops_when_the_ledger_moved(planned, database):
    planned.run("down", "--yes", code=0)
    assert "GW0604" in planned.run("up", "--plan", "release.plan", code=6).stderr
    assert database.tables() == []


def test_an_approved_plan_stops_when_the_schema_moved(planned, database):
    database.sql("ALTER TABLE a ADD COLUMN drifted integer")
    assert "GW0604" in planned.run("up", "--plan", "release.plan", code=6).stderr
    assert database.tables() == ["a"]


def test_a_plan_does_not_run_twice(planned, database):
    planned.run("up", "--plan", "release.plan", code=0)
    planned.run("up", "--plan", "release.plan", code=6)
    assert database.tables() == ["a", "b"]


# Forms of files

def test_repeatables_run_again_when_they_change(project, database):
    view = "-- migrate:up repeat:true\n{drop}CREATE VIEW {name} AS SELECT {value} AS v;\n"
    drop = "DROP VIEW IF EXISTS latest;\n"
    project.migration(f"{FIRST}_latest", view.format(drop=drop, name="latest", value=1))
    project.migration(f"{SECOND}_a", table("a"))
    project.run("up", code=0)
    assert database.value("SELECT v FROM latest") == "1"
    again = project.run("up", "--json", code=0).json()
    assert again["migrations"] == []
    project.migration(f"{FIRST}_latest", view.format(drop=drop, name="latest", value=2))
    assert len(project.run("up", "--json", code=0).json()["migrations"]) == 1
    assert database.value("SELECT v FROM latest") == "2"
    # A comment is no change; an undone migration is not a reason either.
    project.migration(f"{FIRST}_latest", "-- Why.\n" + view.format(
        drop=drop, name="latest", value=2))
    assert project.run("up", "--json", code=0).json()["migrations"] == []


def test_depends_goes_before_the_number(project, database):
    order = "INSERT INTO seen (name) VALUES ('{}');\n"
    project.migration(f"{FIRST}_late", f"-- migrate:depends {THIRD}\n"
                      + table("late", order.format("late")))
    project.migration(f"{SECOND}_middle", f"-- migrate:depends {THIRD}\n"
                      + table("middle", order.format("middle")))
    project.migration(f"{THIRD}_early", table("early", order.format("early")))
    identity = {"sqlite": "integer PRIMARY KEY", "postgres": "serial PRIMARY KEY",
                "mariadb": "integer AUTO_INCREMENT PRIMARY KEY"}[database.kind]
    database.sql(f"CREATE TABLE seen (id {identity}, name varchar(10))")
    project.run("up", code=0)
    assert database.sql("SELECT name FROM seen ORDER BY id") == [
        ("early",), ("late",), ("middle",)]
    # Who is depended on cannot go alone.
    refused = project.run("down", THIRD, "--yes", code=2)
    assert "GW0214" in refused.stderr and f"godwit down {FIRST}" in refused.stderr
    project.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == ["seen"]


def test_pair_files_and_folders(project, database):
    project.migration(f"{FIRST}_a.up.sql", "CREATE TABLE a (id integer PRIMARY KEY);\n")
    project.migration(f"{FIRST}_a.down.sql", "DROP TABLE a;\n")
    project.write(f"migrations/{SECOND}_b/up.sql", "CREATE TABLE b (id integer PRIMARY KEY);\n")
    project.write(f"migrations/{SECOND}_b/down.sql", "DROP TABLE b;\n")
    project.migration(f"V{THIRD}__c.sql", table("c"))
    project.run("up", code=0)
    assert database.tables() == ["a", "b", "c"]
    project.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


def test_each_database_gets_its_own_variant(project, database):
    for kind in ("sqlite", "postgres", "mysql"):
        project.migration(f"{FIRST}_a.{kind}.sql", table(f"a_{kind}"))
    project.migration(f"{SECOND}_b.postgres.sql", table("b"))
    project.migration(f"{THIRD}_c.sql", table("c").replace(
        "migrate:up", "migrate:up databases:sqlite,mariadb"))
    project.run("up", code=0)
    own = {"sqlite": "a_sqlite", "postgres": "a_postgres", "mariadb": "a_mysql"}[database.kind]
    expected = [own, "b"] if database.kind == "postgres" else [own, "c"]
    assert database.tables() == expected
    applied = {version for version, state in states(project).items() if state == "applied"}
    assert applied == {FIRST, SECOND if database.kind == "postgres" else THIRD}
    assert set(states(project).values()) == {"applied", "not_applicable"}
    project.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


def test_variables_are_filled_in_only_where_it_is_asked_for(project, database):
    yaml = project.folder / "godwit.yaml"
    yaml.write_text(yaml.read_text() + "vars: {owner: 'anna''s'}\n")
    project.migration(f"{FIRST}_a", table("a").replace(
        "id integer PRIMARY KEY", "name varchar(40)").replace(
        "-- migrate:down", "INSERT INTO a VALUES ('${owner}');\n-- migrate:down"))
    project.run("up", code=0)
    assert database.value("SELECT name FROM a") == "${owner}"
    project.migration(f"{SECOND}_b", "-- migrate:up substitute:true\n"
                      "CREATE TABLE ${table_name} (id integer);\n"
                      "-- migrate:down substitute:true\nDROP TABLE ${table_name};\n")
    yaml.write_text(yaml.read_text().replace("vars: {", "vars: {table_name: filled, "))
    project.run("up", code=0)
    assert database.tables() == ["a", "filled"]
    project.run("down", "--yes", code=0)
    assert database.tables() == ["a"]


@pytest.mark.parametrize("how", ["crlf", "bom", "both"])
def test_files_of_windows_run(how, project, database):
    text = table("a", "INSERT INTO a VALUES (1);\n")
    data = text.replace("\n", "\r\n").encode() if how != "bom" else text.encode()
    path = project.migration(f"{FIRST}_a", "")
    path.write_bytes(b"\xef\xbb\xbf" * (how != "crlf") + data)
    project.run("up", code=0)
    assert database.sql("SELECT id FROM a") == [("1",)]
    # Another checkout has other line ends: the meaning is the same.
    path.write_text(text)
    again = project.run("up", code=0)
    assert "nothing to do" in again.stdout
    project.run("down", "--yes", code=0)
    assert database.tables() == []


# Sessions

LEAKS = {
    "postgres": ("SET search_path TO other;\nSET statement_timeout = '7s';\nSET ROLE godwit;\n"
                 "CREATE TEMPORARY TABLE mine (id integer);\nPREPARE p AS SELECT 1;\n",
                 "INSERT INTO seen SELECT current_setting('search_path') || ' '"
                 " || current_setting('statement_timeout') || ' ' || current_setting('role')"
                 " || ' ' || coalesce(to_regclass('pg_temp.mine')::text, 'gone');\n"),
    "mariadb": ("SET sql_mode = 'ANSI_QUOTES';\nSET foreign_key_checks = 0;\n"
                "SET @mine = 'kept';\nSET NAMES latin1;\n",
                "INSERT INTO seen SELECT concat(@@sql_mode LIKE '%ANSI_QUOTES%', ' ',"
                " @@foreign_key_checks, ' ', coalesce(@mine, 'gone'), ' ',"
                " @@character_set_client);\n"),
    "sqlite": ("PRAGMA foreign_keys = ON;\nPRAGMA recursive_triggers = ON;\n"
               "CREATE TEMPORARY TABLE mine (id integer);\n",
               "INSERT INTO seen SELECT (SELECT foreign_keys FROM pragma_foreign_keys) || ' ' ||"
               " (SELECT recursive_triggers FROM pragma_recursive_triggers) || ' ' ||"
               " (SELECT count(*) FROM sqlite_temp_schema WHERE name = 'mine');\n"),
}


def test_settings_do_not_leak_into_the_next_migration(project, database):
    leak, look = LEAKS[database.kind]
    database.sql("CREATE TABLE seen (v varchar(200))")
    if database.kind == "postgres":
        database.sql("CREATE SCHEMA other")
    project.migration(f"{FIRST}_before", f"-- migrate:up\n{look}")
    project.migration(f"{SECOND}_leak", f"-- migrate:up\n{leak}")
    project.migration(f"{THIRD}_after", f"-- migrate:up\n{look}")
    project.run("up", code=0)
    before, after = database.sql("SELECT v FROM seen")
    assert before == after
    assert set(states(project).values()) == {"applied"}


@ONLY["postgres"]
def test_the_ledger_is_found_when_a_migration_moves_the_search_path(project, database):
    """As dumps do, Sakila's among them: an empty path, other bounds, another role's objects."""
    project.migration(f"{FIRST}_dump", """\
-- migrate:up
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SET check_function_bodies = false;
SET client_min_messages = warning;
SET escape_string_warning = off;
SET search_path = public, pg_catalog;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.a (id integer);
INSERT INTO public.a VALUES (length('\\\\'));
-- migrate:down
SET search_path = nowhere;
DROP TABLE public.a;
""")
    project.migration(f"{SECOND}_b", table("b"))
    project.run("up", code=0)
    assert database.tables() == ["a", "b"]
    assert database.value("SELECT id FROM a") == "1"
    project.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


# SQLite's trap: a table is rebuilt while others refer to it

REBUILD = """\
-- migrate:up
PRAGMA foreign_keys = OFF;
CREATE TABLE new_users (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'nobody');
INSERT INTO new_users (id) SELECT id FROM users{where};
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
PRAGMA foreign_keys = ON;
-- migrate:down
DROP TABLE users;
"""


@ONLY["sqlite"]
class TestRebuild:
    @pytest.fixture(params=["", "?foreign_keys=on"])
    def logins(self, request, project, database):
        project.configure(url=database.url + request.param)
        database.sql("CREATE TABLE users (id integer PRIMARY KEY);"
                     "CREATE TABLE logins (id integer PRIMARY KEY,"
                     " user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE);"
                     "INSERT INTO users VALUES (1), (2);"
                     " INSERT INTO logins VALUES (10, 1), (20, 2)")
        return project

    def test_child_rows_stay(self, logins, database):
        logins.migration(f"{FIRST}_rebuild", REBUILD.format(where=""))
        logins.run("up", code=0)
        assert database.sql("SELECT * FROM logins ORDER BY id") == [("10", "1"), ("20", "2")]
        assert database.sql("SELECT id, name FROM users ORDER BY id") == [
            ("1", "nobody"), ("2", "nobody")]

    def test_a_row_that_refers_to_nothing_stops_it(self, logins, database):
        logins.migration(f"{FIRST}_rebuild", REBUILD.format(where=" WHERE id = 1"))
        refused = logins.run("up", code=4)
        assert "GW0415" in refused.stderr and "logins" in refused.stderr
        assert database.sql("SELECT * FROM users ORDER BY id") == [("1",), ("2",)]
        assert database.sql("SELECT * FROM logins ORDER BY id") == [("10", "1"), ("20", "2")]
        assert states(logins) == {FIRST: "pending"}

    def test_old_violations_are_nobodys_fault(self, logins, database):
        database.sql("INSERT INTO logins VALUES (30, 99)")
        logins.migration(f"{FIRST}_rebuild", REBUILD.format(where=""))
        logins.run("up", code=0)
        assert database.value("SELECT count(*) FROM logins") == "3"


# Ctrl-C

SLOW = {"postgres": "SELECT pg_sleep({});", "mariadb": "SELECT sleep({});",
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                  " WHERE i < {} * 2000000) SELECT count(*) FROM n;"}


def start_slow(project, database, seconds):
    project.migration(f"{FIRST}_a", table("a"))
    project.migration(f"{SECOND}_slow", "-- migrate:up\nCREATE TABLE slow (id integer);\n"
                      + SLOW[database.kind].format(seconds) + "\n-- migrate:down\n"
                      "DROP TABLE slow;\n")
    project.migration(f"{THIRD}_c", table("c"))
    process = project.start("up")
    seen = ""
    while f"{FIRST} a" not in re.sub(r"(?s).*commit", "", seen):
        line = process.stderr.readline().decode()
        assert line, f"ended early\n{seen}"
        seen += line
    time.sleep(0.3)
    return process


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode() + err.decode()


def test_ctrl_c_once_ends_after_the_migration(project, database):
    process = start_slow(project, database, 2)
    process.send_signal(signal.SIGINT)
    code, output = finish(process)
    assert code == 8, output
    assert "GW0802" in output and "next:  godwit up" in output
    assert "c" not in database.tables()
    project.run("up", code=0)
    assert database.tables() == ["a", "c", "slow"]


def test_ctrl_c_twice_ends_at_once(project, database):
    began = time.monotonic()
    process = start_slow(project, database, 30)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    code, output = finish(process)
    assert code == 8, output
    assert time.monotonic() - began < 20
    if database.kind != "mariadb":
        assert database.tables() == ["a"]
    project.migration(f"{SECOND}_slow", "-- migrate:up\nCREATE TABLE slow (id integer);\n"
                      + SLOW[database.kind].format(0) + "\n-- migrate:down\nDROP TABLE slow;\n")
    project.run("up", code=0)
    assert database.tables() == ["a", "c", "slow"]


def test_exit_statuses_of_status_and_plan(project):
    project.migration(f"{FIRST}_a", table("a"))
    project.run("plan", code=0)
    project.run("plan", "--exit-code", code=1)
    project.run("up", code=0)
    project.run("plan", "--exit-code", code=0)
    project.run("status", "--exit-code", code=0)
