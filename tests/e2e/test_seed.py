"""`seed` brings rows there, keeps no record of it, and stops where a statement fails."""

import pytest

TABLE = ("-- migrate:up\nCREATE TABLE t (id integer PRIMARY KEY, b varchar(20));\n"
         "-- migrate:down\nDROP TABLE t;\n")


@pytest.fixture
def ready(project):
    project.migration("1_t", TABLE)
    project.run("up", code=0)
    return project


def test_seeds_run_in_order_and_again(ready, database):
    ready.write("seeds/02_more.sql", "INSERT INTO t VALUES (3, 'three');\n")
    ready.write("seeds/01_first.sql", "DELETE FROM t;\nINSERT INTO t VALUES (1, 'one');\n"
                "INSERT INTO t VALUES (2, 'two');\n")
    for _ in range(2):
        files = ready.run("seed", "--json", code=0).json()["files"]
        assert [(file["file"].rsplit("/", 1)[-1], file["statements"]) for file in files] == [
            ("01_first.sql", 3), ("02_more.sql", 1)]
        assert database.sql("SELECT id FROM t ORDER BY id") == [("1",), ("2",), ("3",)]


def test_seeds_are_no_migrations(ready, database):
    ready.write("seeds/a.sql", "DELETE FROM t;")
    ready.run("seed", code=0)
    status = ready.run("status", "--exit-code", "--json", code=0).json()
    assert [migration["version"] for migration in status["migrations"]] == ["1"]
    events = ready.run("log", "--check", "--json", code=0).json()["events"]
    assert [event["type"] for event in events][-2:] == ["run", "seed"]
    assert events[-1]["text"].endswith("a.sql")
    ready.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


def test_a_failing_seed_is_rolled_back_and_told_with_its_place(ready, database):
    ready.write("seeds/01_fine.sql", "INSERT INTO t VALUES (1, 'one');\n")
    ready.write("seeds/02_bad.sql", "INSERT INTO t VALUES (2, 'two');\n"
                "INSERT INTO t (id, nope) VALUES (3, 'x');\n")
    result = ready.run("seed", code=4)
    assert "02_bad.sql:2:" in result.stderr
    assert database.sql("SELECT id FROM t") == [("1",)]


def test_an_unfinished_text_is_told_before_anything_runs(ready, database):
    ready.write("seeds/01_fine.sql", "INSERT INTO t VALUES (1, 'one');\n")
    ready.write("seeds/02_open.sql", "INSERT INTO t VALUES (2, 'two);\n")
    result = ready.run("seed", code=2)
    assert "02_open.sql:1:" in result.stderr
    assert database.sql("SELECT id FROM t") == []


def test_a_protected_target_is_not_seeded(ready, database):
    ready.write("seeds/a.sql", "INSERT INTO t VALUES (1, 'one');")
    ready.write("godwit.yaml", "project: test\ntargets:\n  dev:\n"
                f"    url: '{database.url}'\n    protected: true\n")
    result = ready.run("seed", "--confirm", "dev", code=9)
    assert "GW0907" in result.stderr
    assert database.sql("SELECT id FROM t") == []


def test_seeds_in_yaml_are_refused_and_not_left_out(ready, database):
    ready.write("seeds/a.sql", "INSERT INTO t VALUES (1, 'one');")
    ready.write("seeds/b.yaml", "insert: t\n")
    result = ready.run("seed", code=2)
    assert "b.yaml" in result.stderr
    assert database.sql("SELECT id FROM t") == []


def test_no_seeds_are_no_failure(ready):
    assert ready.run("seed", "--json", code=0).json()["files"] == []


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_seeds_wait_for_the_run_lock(ready, database):
    ready.write("seeds/a.sql", "INSERT INTO t VALUES (1, 'one');")
    leases = "godwit.leases" if database.kind == "postgres" else "godwit_leases"
    later = ("now() + interval '1 hour'" if database.kind == "postgres"
             else "UTC_TIMESTAMP() + INTERVAL 1 HOUR")
    database.sql(f"UPDATE {leases} SET run = 'somebody', mode = 'lease', expires = {later}")
    ready.run("seed", code=5)
    assert database.sql("SELECT id FROM t") == []
