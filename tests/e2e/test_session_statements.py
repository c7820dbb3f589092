"""Statements that change the session stand beside data, and neither takes the other along."""

import pytest

SETTINGS = {
    "sqlite": "PRAGMA recursive_triggers = ON;",
    "postgres": "SET work_mem = '8MB';\nDO $$ BEGIN PERFORM 1; END $$;",
    "mariadb": "SET SESSION sort_buffer_size = 300000;\nDO SLEEP(0);",
}


@pytest.mark.parametrize("where", ["before", "after"])
def test_data_beside_a_session_statement_stay(project, database, where):
    setting = SETTINGS[database.kind]
    insert = "INSERT INTO t VALUES (1);"
    body = f"{setting}\n{insert}" if where == "before" else f"{insert}\n{setting}"
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n"
                      "-- migrate:down\nDROP TABLE t;\n")
    project.migration("2_rows", f"-- migrate:up\n{body}\n-- migrate:down\nDELETE FROM t;\n")
    project.migration("3_more", "-- migrate:up\nINSERT INTO t VALUES (2);\n"
                      "-- migrate:down\nDELETE FROM t WHERE a = 2;\n")
    project.run("up", code=0)
    assert database.sql("SELECT a FROM t ORDER BY a") == [("1",), ("2",)]
    project.run("down", "--to", "1", "--yes", code=0)
    assert database.sql("SELECT count(*) FROM t") == [("0",)]


# What a migration does to its session is gone for the next one: the second one would fail, or see
# it. Each line: what the first one runs, a question whose answer must be the same before and after.
LEFT = {
    "sqlite": [
        ("CREATE TEMP TABLE scratch (a integer);", "SELECT count(*) FROM sqlite_temp_schema"),
        ("PRAGMA recursive_triggers = ON;", "SELECT recursive_triggers FROM"
         " pragma_recursive_triggers"),
        ("PRAGMA foreign_keys = ON;", "SELECT foreign_keys FROM pragma_foreign_keys"),
        ("PRAGMA case_sensitive_like = ON;", "SELECT 'a' LIKE 'A'"),
        ("PRAGMA ignore_check_constraints = ON;",
         "SELECT ignore_check_constraints FROM pragma_ignore_check_constraints"),
    ],
    "postgres": [
        ("CREATE TEMP TABLE scratch (a int);", "SELECT count(*) FROM pg_class WHERE relname ="
         " 'scratch'"),
        ("SET search_path = pg_catalog;", "SELECT current_setting('search_path')"),
        ("SELECT set_config('search_path', 'pg_catalog', false);",
         "SELECT current_setting('search_path')"),
        ("SET ROLE pg_monitor;", "SELECT current_user"),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
         "SELECT current_setting('transaction_isolation')"),
        ("PREPARE left_over AS SELECT 1;", "SELECT count(*) FROM pg_prepared_statements WHERE name"
         " = 'left_over'"),
        ("LISTEN left_over;", "SELECT count(*) FROM pg_listening_channels()"),
        ("SELECT pg_advisory_lock(4711);", "SELECT count(*) FROM pg_locks WHERE locktype ="
         " 'advisory' AND objid = 4711"),
        ("DO $$ BEGIN PERFORM pg_advisory_lock_shared(4711, 12); END $$;",
         "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 4711"),
    ],
    "mariadb": [
        ("CREATE TEMPORARY TABLE scratch (a int);", "SELECT 1"),
        ("CREATE TEMPORARY TABLE `scr``atch` (a int);", "SELECT 1"),
        ("SET SESSION sql_mode = 'ANSI_QUOTES';", "SELECT @@sql_mode"),
        ("SET foreign_key_checks = 0;", "SELECT @@foreign_key_checks"),
        ("SET time_zone = '+05:00';", "SELECT @@time_zone"),
        ("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE;", "SELECT @@tx_isolation"),
        ("SET sort_buffer_size = 300000, @@session.max_heap_table_size = 65536;",
         "SELECT concat(@@sort_buffer_size, ' ', @@max_heap_table_size)"),
        ("SET @left_over = 5;", "SELECT @left_over"),
        ("SET SESSION auto_increment_increment = 7;", "SELECT @@auto_increment_increment"),
    ],
}
CASES = [(kind, text, question) for kind, cases in LEFT.items() for text, question in cases]


@pytest.mark.parametrize("database, text, question", CASES, indirect=["database"],
                         ids=[f"{kind}-{text.split(';')[0][:40]}" for kind, text, _ in CASES])
def test_a_migration_leaves_nothing_in_the_session(project, database, text, question):
    look = f"INSERT INTO seen VALUES (({question}));"
    kind = {"mariadb": "varchar(200)"}.get(database.kind, "text")
    if "ROLE" in text:
        database.sql(f"GRANT pg_monitor TO {database.user}", user="postgres")
    project.migration("0_seen", f"-- migrate:up\nCREATE TABLE seen (what {kind});\n{look}\n"
                      "-- migrate:down\nDROP TABLE seen;\n")
    project.migration("1_change", f"-- migrate:up\n{text}\n-- migrate:irreversible no\n")
    project.migration("2_look", f"-- migrate:up\n{look}\n-- migrate:down\nDELETE FROM seen;\n")
    again = text if "scr" in text else look
    project.migration("3_again", f"-- migrate:up\n{again}\n-- migrate:irreversible no\n")
    project.run("up", code=0)
    seen = database.sql("SELECT what FROM seen")
    assert len(seen) >= 2
    assert len(set(seen)) == 1, seen


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_the_plan_warns_of_settings_behind_a_pooler(project, database, pgbouncer):
    project.migration("1_set", "-- migrate:up\nSET LOCAL work_mem = '8MB';\n"
                      "SET work_mem = '8MB';\nCREATE TABLE t (a int);\n"
                      "-- migrate:down\nDROP TABLE t;\n")
    for url, count in [(database.url, 0), (pgbouncer.url(database.name), 1)]:
        project.write("godwit.yaml", "project: test\nledger: house\ntargets:\n  dev:\n"
                      f"    url: '{url}'\n").chmod(0o600)
        plan = project.run("plan", "--json", code=0).json()
        warnings = [text for migration in plan["migrations"] for text in migration["warnings"]]
        assert len([text for text in warnings if "SET LOCAL" in text]) == count, warnings
    assert project.run("up", code=0).stderr.count("write SET LOCAL") == 1
