"""The harness itself: what tests believe about databases and servers is true."""

import pytest

from harness.database import ClientError


def test_rows_come_back_as_they_went_in(database):
    database.sql("CREATE TABLE t (a integer, b varchar(20));"
                 "INSERT INTO t VALUES (1, 'x,\"y'), (2, NULL), (3, '');")
    assert database.sql("SELECT a, b FROM t ORDER BY a") == [
        ("1", 'x,"y'), ("2", None), ("3", "")]
    assert database.value("SELECT count(*) FROM t") == "3"


def test_line_breaks_and_tabs_survive(database):
    database.sql("CREATE TABLE t (b varchar(20)); INSERT INTO t VALUES ('a\n\tb');")
    assert database.sql("SELECT b FROM t") == [("a\n\tb",)]


def test_a_failing_statement_raises(database):
    with pytest.raises(ClientError, match="nothing_here"):
        database.sql("SELECT * FROM nothing_here")


def test_each_test_has_an_empty_database(database):
    assert database.tables(ledger=True) == []
    assert database.dump_data() == {}


def test_a_dump_shows_tables_but_not_the_ledger(database):
    database.sql("CREATE TABLE kept_names (id integer PRIMARY KEY)")
    if database.kind == "postgres":
        database.sql("CREATE SCHEMA godwit; CREATE TABLE godwit.history (id integer)")
    else:
        database.sql("CREATE TABLE godwit_history (id integer)")
    assert "kept_names" in database.dump_schema()
    assert "history" not in database.dump_schema()
    assert "history" in database.dump_schema(ledger=True)
    assert database.tables() == ["kept_names"]
    assert len(database.tables(ledger=True)) == 2


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_a_killed_server_comes_back_with_its_data(request, database):
    server = request.getfixturevalue(database.kind)
    database.sql("CREATE TABLE t (a integer); INSERT INTO t VALUES (42);")
    server.kill()
    with pytest.raises(ClientError):
        database.sql("SELECT 1")
    server.restart()
    assert database.sql("SELECT a FROM t") == [("42",)]


def test_pgbouncer_shares_few_connections(pgbouncer):
    assert pgbouncer.admin("SHOW POOLS")[0]["pool_mode"] in ("transaction", "statement")
    assert int(pgbouncer.pool_size) < 100


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
def test_mariadb_user_has_no_super_and_the_binary_log_is_on(database):
    assert "SUPER" not in str(database.sql("SHOW GRANTS"))
    assert database.value("SELECT @@log_bin") == "1"
