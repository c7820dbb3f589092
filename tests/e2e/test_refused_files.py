"""Migration files that godwit will not run: what it says of them, and that its advice works."""

import dataclasses

import pytest

GOOD = """\
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY);
-- migrate:down
DROP TABLE users;
"""
FILE = "20240101000000_users.sql"


@dataclasses.dataclass
class Bad:
    """A text or bytes that are refused, with the same thing said rightly."""

    name: str
    text: str | bytes
    good: str = GOOD
    kind: str = "sqlite"


def up(sql, options=""):
    return f"-- migrate:up{options}\nCREATE TABLE users (id integer PRIMARY KEY);\n{sql}\n"


BAD_FILES = [
    # Sections and options
    Bad("no_sections", "CREATE TABLE users (id integer PRIMARY KEY);\n"),
    Bad("empty_file", ""),
    Bad("no_up", "-- migrate:down\nDROP TABLE users;\n"),
    Bad("text_before_the_first_marker", f"CREATE TABLE early (id integer);\n{GOOD}"),
    Bad("up_and_expand", GOOD + "-- migrate:expand\nCREATE TABLE more (id integer);\n"),
    Bad("two_downs", GOOD + "-- migrate:down\nDROP TABLE users;\n"),
    Bad("unknown_marker", GOOD.replace("migrate:up", "migrate:upp")),
    Bad("unknown_option", GOOD.replace("migrate:up", "migrate:up transactoin:false"),
        GOOD.replace("migrate:up", "migrate:up transaction:false")),
    Bad("bare_option", GOOD.replace("migrate:up", "migrate:up notransaction")),
    Bad("wrong_value_of_an_option", GOOD.replace("migrate:up", "migrate:up lock-timeout:fast"),
        GOOD.replace("migrate:up", "migrate:up lock-timeout:50ms")),
    Bad("unknown_database", GOOD.replace("migrate:up", "migrate:up databases:oracle"),
        GOOD.replace("migrate:up", "migrate:up databases:sqlite")),
    Bad("irreversible_without_reason", GOOD.partition("-- migrate:down")[0]
        + "-- migrate:irreversible\n",
        GOOD.partition("-- migrate:down")[0] + "-- migrate:irreversible all is new\n"),
    Bad("unset_variable", up("INSERT INTO users VALUES (${first_user});", " substitute:true"),
        up("INSERT INTO users VALUES (1);", " substitute:true")),
    Bad("backfill_is_for_later",
        GOOD + "-- migrate:backfill table:users\nUPDATE users SET id = id WHERE :chunk;\n"),
    # Text that cannot be cut into statements
    Bad("unbalanced_quote", up("INSERT INTO users VALUES ('one);\nSELECT 1;"),
        up("INSERT INTO users VALUES (1);")),
    Bad("unclosed_comment", up("/* to be continued\nSELECT 1;"), up("SELECT 1;")),
    Bad("unclosed_dollar_quote",
        up("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $body$ SELECT 1; $bdy$;"),
        up("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $body$ SELECT 1; $body$;"),
        "postgres"),
    Bad("unclosed_trigger",
        up("CREATE TRIGGER t AFTER INSERT ON users BEGIN\n  SELECT 1;\n"),
        up("CREATE TRIGGER t AFTER INSERT ON users BEGIN\n  SELECT 1;\nEND;")),
    Bad("unclosed_copy", up("COPY users FROM stdin;\n1\n2"),
        up("COPY users FROM stdin;\n1\n2\n\\."), "postgres"),
    Bad("unclosed_backtick", up("CREATE TABLE `more (id integer);"),
        up("CREATE TABLE `more` (id integer);"), "mariadb"),
    Bad("merge_markers", GOOD.replace("CREATE", "<<<<<<< HEAD\nCREATE").replace(
        "-- migrate:down", "=======\nCREATE TABLE people (id integer);\n>>>>>>> feature\n"
        "-- migrate:down")),
    Bad("nul_byte", GOOD.encode().replace(b"users", b"us\0ers", 1)),
    Bad("latin_1", GOOD.replace("-- migrate:up", "-- f\u00fcr alle\n-- migrate:up").encode(
        "latin-1")),
    Bad("utf_16", GOOD.encode("utf-16")),
    # Statements that take over the session or the client
    Bad("begin_and_commit", up("BEGIN;\nINSERT INTO users VALUES (1);\nCOMMIT;"),
        up("INSERT INTO users VALUES (1);")),
    Bad("rollback", up("ROLLBACK;"), up("SELECT 1;")),
    Bad("commit_on_postgres", up("COMMIT;"), up("SELECT 1;"), "postgres"),
    Bad("start_transaction_on_mariadb", up("START TRANSACTION;"), up("SELECT 1;"), "mariadb"),
    Bad("dot_command", up(".mode csv"), up("SELECT 1;")),
    Bad("client_command_of_psql", up("\\c other"), up("SELECT 1;"), "postgres"),
    Bad("drop_database", up("DROP DATABASE shop;"), up("SELECT 1;"), "postgres"),
    Bad("use", up("USE shop;"), up("SELECT 1;"), "mariadb"),
    Bad("source", up("source more.sql"), up("SELECT 1;"), "mariadb"),
    # The graph
    Bad("depends_on_an_unknown_one", f"-- migrate:depends 20230101000000\n{GOOD}"),
    Bad("depends_on_itself", f"-- migrate:depends 20240101000000\n{GOOD}"),
]


def write(project, text):
    path = project.migration(FILE, "")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    "bad, database", [pytest.param(bad, bad.kind, id=bad.name) for bad in BAD_FILES],
    indirect=["database"])
def test_file(bad, database, project, golden):
    write(project, bad.text)
    refusal = golden(project, "up", code=2)
    assert refusal.place.startswith("migrations/"), "the file is not named"
    refusal.follow(edit=lambda: write(project, bad.good))
    assert "users" in database.tables()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestSeveralFiles:
    def test_duplicate_versions(self, project, golden):
        project.migration(FILE, GOOD)
        second = project.migration("20240101000000_people.sql", GOOD.replace("users", "people"))
        refusal = golden(project, "up", code=2)
        refusal.follow(edit=lambda: second.rename(second.with_name("20240101000001_people.sql")))

    def test_depends_in_a_circle(self, project, golden):
        project.migration(FILE, f"-- migrate:depends 20240101000001\n{GOOD}")
        second = "20240101000001_people"
        project.migration(second, "-- migrate:depends 20240101000000\n"
                          + GOOD.replace("users", "people"))
        refusal = golden(project, "up", code=2)
        refusal.follow(edit=lambda: (project.migration(FILE, GOOD), project.migration(
            second, "-- migrate:depends 20240101000000\n" + GOOD.replace("users", "people"))))

    def test_yaml_is_for_later(self, project, golden):
        path = project.migration("20240101000000_users.yaml", "up:\n  - create_table: users\n")
        refusal = golden(project, "up", code=2)
        assert refusal.code == "GW0217"
        refusal.follow(edit=lambda: (path.unlink(), project.migration(FILE, GOOD)))

    def test_later_files_are_not_run_when_an_early_one_is_bad(self, project, database, golden):
        project.migration(FILE, GOOD)
        bad = "20240101000001_people"
        project.migration(bad, "-- migrate:up\nCREATE TABLE people (name text DEFAULT 'x);\n")
        refusal = golden(project, "up", code=2)
        assert database.tables() == []
        refusal.follow(edit=lambda: project.migration(bad, GOOD.replace("users", "people")))
        assert database.tables() == ["people", "users"]

    def test_new_refuses_a_name_without_letters(self, project, golden):
        golden(project, "new", "///", code=2)
