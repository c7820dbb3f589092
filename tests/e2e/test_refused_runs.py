"""Runs that cannot go on: failing statements and checks, moved files, other runs, other tools."""

import pytest

USERS = """\
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);
INSERT INTO users VALUES (1, 'secret-of-anna@example.org');
-- migrate:down
DROP TABLE users;
"""
MORE = """\
-- migrate:up
CREATE TABLE more (id integer PRIMARY KEY);
-- migrate:down
DROP TABLE more;
"""
FIRST, SECOND, THIRD = (f"2024010100000{n}" for n in range(3))
ONLY = {kind: pytest.mark.parametrize("database", [kind], indirect=True)
        for kind in ("sqlite", "postgres", "mariadb")}


@pytest.fixture
def users(project):
    """A project whose table of users is there; the second migration is the test's."""
    project.migration(f"{FIRST}_users", USERS)
    project.run("up", code=0)
    return project


def second(sql, down="SELECT 1;", options=""):
    return f"-- migrate:up{options}\n{sql}\n-- migrate:down\n{down}\n"


# Statements that fail

FAILING = {
    "no_table": ("INSERT INTO\n  peeple VALUES (1);", "GW0411"),
    "no_column": ("UPDATE users\n   SET emial = 'x'\n WHERE id = 1;", "GW0412"),
    "already_there": ("CREATE TABLE users (id integer);", "GW0413"),
    "unique_violation": ("INSERT INTO users SELECT 2, email FROM users;", "GW0414"),
    "null": ("INSERT INTO users VALUES (3, NULL);", "GW0416"),
    "syntax": ("ALTER TABLE users\n  ADDD COLUMN age integer;", "GW0402"),
}


@pytest.mark.parametrize("name", FAILING)
def test_statement(name, users, database, golden):
    sql, code = FAILING[name]
    users.migration(f"{SECOND}_more", second(
        f"CREATE TABLE more (id integer PRIMARY KEY);\n-- Then:\n{sql}", "DROP TABLE more;"))
    refusal = golden(users, "up", code=4)
    assert refusal.code == code
    assert "secret-of-anna" not in str(refusal.result)
    assert database.tables() == (["more", "users"] if database.kind == "mariadb" else ["users"])
    refusal.follow(edit=lambda: users.migration(f"{SECOND}_more", second(
        "CREATE TABLE more (id integer PRIMARY KEY);\n-- Then:\nSELECT 1;", "DROP TABLE more;")))
    users.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


def test_foreign_key_violation(users, database, golden):
    if database.kind == "sqlite":
        users.configure(url=f"{database.url}?foreign_keys=on")
    make = ("CREATE TABLE logins (user_id integer NOT NULL,\n"
            "  CONSTRAINT login_user FOREIGN KEY (user_id) REFERENCES users (id));\n")
    users.migration(f"{SECOND}_logins", second(make + "INSERT INTO logins VALUES (77);",
                                               "DROP TABLE logins;"))
    refusal = golden(users, "up", code=4)
    assert refusal.code == "GW0415"
    refusal.follow(edit=lambda: users.migration(f"{SECOND}_logins", second(
        make + "INSERT INTO logins VALUES (1);", "DROP TABLE logins;")))


def test_failure_outside_a_transaction(users, database, golden):
    first = "CREATE TABLE more (id integer PRIMARY KEY);\n"
    users.migration(f"{SECOND}_more", second(
        first + "INSERT INTO more VALUES (1);\nINSERT INTO peeple VALUES (1);",
        "DROP TABLE more;", " transaction:false"))
    refusal = golden(users, "up", code=4)
    assert database.value("SELECT count(*) FROM more") == "1"
    users.run("status", "--exit-code", code=1)
    # What ran already may not be edited away …
    users.migration(f"{SECOND}_more", second(
        first + "INSERT INTO more VALUES (2);\nINSERT INTO more VALUES (3);",
        "DROP TABLE more;", " transaction:false"))
    golden(users, "up", code=6)
    # … what has not run may.
    refusal.follow(edit=lambda: users.migration(f"{SECOND}_more", second(
        first + "INSERT INTO more VALUES (1);\nINSERT INTO more VALUES (3);",
        "DROP TABLE more;", " transaction:false")))
    assert database.sql("SELECT id FROM more ORDER BY id") == [("1",), ("3",)]


def test_down_that_fails(users, database, golden):
    users.migration(f"{SECOND}_more", second("CREATE TABLE more (id integer);",
                                             "DROP TABLE moore;"))
    users.run("up", code=0)
    refusal = golden(users, "down", "--yes", code=4)
    assert "more" in database.tables()
    refusal.follow(edit=lambda: users.migration(f"{SECOND}_more", second(
        "CREATE TABLE more (id integer);", "DROP TABLE more;")))
    assert database.tables() == ["users"]


def test_atomic_rolls_everything_back(project, database, golden):
    if database.kind == "mariadb":
        project.migration(f"{FIRST}_users", USERS)
        golden(project, "up", "--atomic", code=2).follow()
        return
    project.migration(f"{FIRST}_users", USERS)
    project.migration(f"{SECOND}_more", second("INSERT INTO peeple VALUES (1);"))
    refusal = golden(project, "up", "--atomic", code=4)
    assert database.tables() == []
    refusal.follow(edit=lambda: project.migration(f"{SECOND}_more", second("SELECT 1;")))
    assert database.tables() == ["users"]


@ONLY["postgres"]
def test_statement_timeout(users, golden):
    users.migration(f"{SECOND}_slow", second("SELECT pg_sleep(30);", options=" timeout:50ms"))
    golden(users, "up", code=4).follow(edit=lambda: users.migration(
        f"{SECOND}_slow", second("SELECT pg_sleep(0);", options=" timeout:5s")))


# Checks

VERIFIED = """\
-- migrate:up
{up}
-- migrate:verify
SELECT id FROM {table}
 WHERE length(email) < 4;
-- migrate:down
{down}
"""


def test_check_that_fails_before_the_commit(project, database, golden):
    """The migration makes what it checks, so nobody waits while it does."""
    good = USERS.replace("-- migrate:down",
                         "-- migrate:verify\nSELECT id FROM users WHERE id > 0;\n-- migrate:down")
    project.migration(f"{FIRST}_users", good)
    refusal = golden(project, "up", code=7)
    project.migration(f"{FIRST}_users", good.replace("id > 0", "id > 1000"))
    if database.kind == "mariadb":  # what is made cannot be taken back: a gate behind it
        assert database.tables() == ["users"]
        assert f"godwit repair --accept {FIRST}" in refusal.result.stderr
        project.run("repair", "--accept", FIRST, code=0)
        project.run("up", code=0)
    else:
        assert database.tables() == []
        refusal.follow(edit=lambda: None)
    assert database.tables() == ["users"]
    assert project.run("status", "--json").json()["counts"]["applied"] == 1


def test_check_that_fails_after_the_commit(users, database, golden):
    """The migration changes a table that others use: its checks run when nobody waits for it."""
    users.migration(f"{SECOND}_short", VERIFIED.format(
        up="ALTER TABLE users ADD COLUMN short varchar(3);\n"
           "INSERT INTO users VALUES (2, 'x', NULL);",
        table="users", down="DELETE FROM users WHERE id = 2;\n"
        "ALTER TABLE users DROP COLUMN short;"))
    refusal = golden(users, "up", code=7)
    counts = users.run("status", "--json", code=0).json()["counts"]
    assert counts["unverified"] == 1
    # The next up looks again before it does anything else.
    users.migration(f"{THIRD}_more", MORE)
    golden(users, "up", code=7)
    assert "more" not in database.tables()
    refusal.follow(edit=lambda: database.sql(
        "UPDATE users SET email = 'long enough' WHERE id = 2"))
    assert "more" in database.tables()
    assert users.run("status", "--json", code=0).json()["counts"]["unverified"] == 0


# Files that moved

@ONLY["sqlite"]
class TestFiles:
    def test_file_that_is_gone(self, users, golden):
        users.migration(f"{SECOND}_more", MORE)
        users.run("up", code=0)
        (users.folder / f"migrations/{SECOND}_more.sql").unlink()
        warned = users.run("up", code=0)
        golden.check(warned, users)
        assert "missing" in warned.stderr
        assert users.run("status", "--json").json()["counts"]["missing"] == 1
        golden(users, "down", "--yes", code=6).follow()
        assert users.run("status", "--json").json()["counts"]["missing"] == 0

    def test_statement_that_was_changed(self, users, golden):
        users.migration(f"{FIRST}_users", USERS.replace("varchar(100)", "varchar(200)"))
        users.migration(f"{SECOND}_more", MORE)
        golden(users, "up", code=6).follow()
        users.run("up", code=0)

    def test_statement_that_was_changed_and_is_put_back(self, users, golden):
        users.migration(f"{FIRST}_users", USERS.replace("varchar(100)", "varchar(200)"))
        users.run("up", code=6)
        users.migration(f"{FIRST}_users", USERS)
        users.run("up", code=0)

    def test_comment_that_was_changed(self, users, golden):
        users.migration(f"{FIRST}_users", "-- A new comment.\n" + USERS.replace("  ", " "))
        warned = users.run("up", code=0)
        golden.check(warned, users)
        assert "warning" in warned.stderr

    def test_missing_down(self, users, database, golden):
        users.migration(f"{SECOND}_more", MORE.partition("-- migrate:down")[0])
        users.run("up", code=0)
        refusal = golden(users, "down", "--yes", code=9)
        assert refusal.code == "GW0902"
        refusal.follow(edit=lambda: users.migration(f"{SECOND}_more", MORE))
        assert database.tables() == ["users"]

    def test_irreversible(self, users, golden):
        users.migration(f"{SECOND}_more", MORE.partition("-- migrate:down")[0]
                        + "-- migrate:irreversible what was thrown away is gone\n")
        users.run("up", code=0)
        refusal = golden(users, "down", "--yes", code=9)
        assert "what was thrown away is gone" in refusal.result.stderr
        # The last of three cannot be undone: none is.
        golden(users, "down", "--to", "0", "--yes", code=9)

    def test_plan_of_another_state(self, users, golden):
        users.migration(f"{SECOND}_more", MORE)
        users.run("plan", "-o", "release.plan", code=0)
        users.migration(f"{SECOND}_more", MORE.replace("more", "other"))
        golden(users, "up", "--plan", "release.plan", code=6).follow()
        users.run("up", "--plan", "release.plan", code=0)

    def test_plan_that_is_none(self, users, golden):
        users.write("release.plan", "{}")
        golden(users, "up", "--plan", "release.plan", code=2).follow()

    def test_plan_that_is_not_there(self, users, golden):
        golden(users, "up", "--plan", "release.plan", code=2).follow()

    def test_audit_chain_that_was_altered(self, users, database, golden):
        database.sql("UPDATE godwit_events SET note = replace(note, 'up', 'UP') WHERE number = 1")
        golden(users, "log", "--check", code=6)

    def test_ledger_of_a_newer_godwit(self, users, database, golden):
        database.sql("UPDATE godwit_ledger SET value = '99'")
        golden(users, "up", code=6)


# Others

FOREIGN = {
    "dbmate": "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);"
              f"INSERT INTO schema_migrations VALUES ('{FIRST}');",
    "golang_migrate": "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY,"
                      " dirty boolean NOT NULL);"
                      f"INSERT INTO schema_migrations VALUES ({FIRST}, false);",
    "flyway": "CREATE TABLE flyway_schema_history (installed_rank integer NOT NULL PRIMARY KEY,"
              " version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,"
              " script varchar(1000) NOT NULL, checksum integer,"
              " installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL"
              " DEFAULT current_timestamp,"
              " execution_time integer NOT NULL, success boolean NOT NULL);"
              f"INSERT INTO flyway_schema_history VALUES (1, '{FIRST}', 'users', 'SQL',"
              " 'V1__users.sql', 0, 'app', current_timestamp, 5, true);",
}


@pytest.mark.parametrize("tool", FOREIGN)
def test_history_of_another_tool(tool, project, database, golden):
    database.sql(FOREIGN[tool])
    project.migration(f"{FIRST}_users", USERS)
    project.migration(f"{SECOND}_more", MORE)
    refusal = golden(project, "up", code=9)
    assert refusal.code == "GW0903"
    shown = refusal.follow()
    assert "applied" in shown.stdout and "pending" in shown.stdout
    for command in (["down", "--yes"], ["mark", SECOND, "--applied"]):
        project.run(*command, code=9)
    plan = project.run("plan", code=0)
    assert "more" in plan.stdout and "CREATE TABLE users" not in plan.stdout
    assert not any("godwit" in name for name in database.tables(ledger=True))


def test_locked_by_another_run(users, database, golden):
    slow = {"sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                      " WHERE i < 1000000000) SELECT count(*) FROM n;",
            "postgres": "SELECT pg_sleep(60);", "mariadb": "SELECT sleep(60);"}
    users.migration(f"{SECOND}_slow", second(slow[database.kind]))
    with users.start("up", "-q") as other:
        try:
            wait_for_lock(users, at="slow")
            golden(users, "up", code=5).follow()
        finally:
            other.kill()


def wait_for_lock(project, at=""):
    """Wait for a run that holds the lock, and until it says where it is when that is wanted."""
    for _ in range(200):
        running = project.run("status", "--json").json()["running"]
        if running and at in (running["step"] or ""):
            return
    raise AssertionError("the other run does not run")
