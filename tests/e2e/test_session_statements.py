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
