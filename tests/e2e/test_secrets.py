"""A password never appears: in no output, no file, no ledger, no list of sessions or processes."""

import json
import pathlib
import time

import pytest

from harness.terminal import Terminal

pytestmark = pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)

CANARY = "c4n4ry-Xq7"
FIRST, SECOND = "20240101000000", "20240101000001"
USERS = "-- migrate:up\nCREATE TABLE users (id integer PRIMARY KEY, email varchar(50) UNIQUE);\n" \
        "INSERT INTO users VALUES (1, 'x');\n-- migrate:down\nDROP TABLE users;\n"
ROLE = "gw_canary"


@pytest.fixture
def guarded(project, database):
    """A project whose user has a password to look for; its URL has none."""
    if database.kind == "postgres":
        database.server.psql(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{CANARY}';"
                             f"ALTER DATABASE {database.name} OWNER TO {ROLE};")
    else:
        database.server.sql(f"CREATE OR REPLACE USER {ROLE}@'%' IDENTIFIED BY '{CANARY}';"
                            f"GRANT ALL ON {database.name}.* TO {ROLE}@'%'")
    project.bare = database.url.replace("godwit:bar-tailed@", f"{ROLE}@")
    project.full = database.url.replace("godwit:bar-tailed@", f"{ROLE}:{CANARY}@")
    project.migration(f"{FIRST}_users", USERS)
    yield project
    if database.kind == "postgres":
        database.server.psql(f"REASSIGN OWNED BY {ROLE} TO godwit; DROP OWNED BY {ROLE}",
                             database.name)
        database.server.psql(f"ALTER DATABASE {database.name} OWNER TO godwit; DROP ROLE {ROLE}")
    else:
        database.server.sql(f"DROP USER {ROLE}@'%'")


def dump(database):
    """All tables with the ledger's, seen by the superuser."""
    database.user = {"postgres": "postgres", "mariadb": "root"}[database.kind]
    tables = database.dump_data(ledger=True)
    assert any("ledger" in name for name in tables)
    return tables


WAYS = ["url", "variable", "DATABASE_URL", "dotenv", "flag", "file", "command", "template"]


def say_password(project, way):
    """Give the password in one of the ways there are: (arguments, environment)."""
    project.configure(url=project.bare)
    if way == "url":
        project.configure(url=project.full)
    elif way == "variable":
        project.configure(url="${SHOP_URL}")
        return [], {"SHOP_URL": project.full}
    elif way == "template":
        project.configure(url=project.bare.replace(ROLE, f"{ROLE}:${{SHOP_PASSWORD}}"))
        return [], {"SHOP_PASSWORD": CANARY}
    elif way == "DATABASE_URL":
        project.write("godwit.yaml", "project: test\n")
        return [], {"DATABASE_URL": project.full}
    elif way == "dotenv":
        project.write("godwit.yaml", "project: test\n")
        project.write(".env", f"DATABASE_URL={project.full}\n").chmod(0o600)
    elif way == "flag":
        return ["--url", project.full], {}
    elif way == "file":
        path = project.write("password", CANARY + "\n")
        path.chmod(0o600)
        return [], {"GODWIT_PASSWORD_FILE": str(path)}
    elif way == "command":
        project.configure(f"password_command: [printf, '%s', {CANARY}]", url=project.bare)
    return [], {}


EVERY = (["plan", "-v"], ["doctor"], ["config"], ["config", "--json"], ["log", "--json"],
         ["verify"], ["plan", "--json"], ["plan", "--sql"], ["plan", "--markdown"], ["wait"],
         ["plan", "-o", "release.plan"])


@pytest.mark.parametrize("way", WAYS)
def test_no_output_has_the_password(way, guarded, database):
    args, env = say_password(guarded, way)
    said = []

    def run(*words, **more):
        said.append(guarded.run(*words, *args, env=env, **more))
        return said[-1]

    run("up", "-v", code=0)
    run("status", "--json", "--verbose", code=0)
    for command in EVERY if way == "url" else (["doctor"], ["config"]):
        run(*command)
    guarded.migration(f"{SECOND}_bad", "-- migrate:up\nINSERT INTO users VALUES (1, 'x');\n")
    run("up", code=4)
    run("up", "--json", code=4)
    (guarded.folder / f"migrations/{SECOND}_bad.sql").unlink()
    run("repair", "--forget", SECOND, "--yes")
    tables = dump(database)
    run("down", "--yes", code=0)
    for result in said:
        shown = result.stdout + result.stderr
        # What was typed on the command line is in `command`, not in what the program said.
        assert CANARY not in shown, f"{result.command.split()[1]} shows the password\n{shown}"
    for table, rows in tables.items():
        assert CANARY not in str(rows), f"{table} has the password"
    own = {"godwit.yaml", ".env", "password"}
    for path in guarded.folder.rglob("*"):
        if path.is_file() and path.name not in own:
            assert CANARY.encode() not in path.read_bytes(), f"{path} has the password"


@pytest.mark.parametrize("broken", [
    ("@127.0.0.1", "@no-such-host.invalid"), (f":{CANARY}", f":{CANARY}-wrong"),
    ("://", ":/"), ("://", ":"), (f"{CANARY}@", f"{CANARY}/@"), ("127.0.0.1:", "127.0.0.1:x"),
    (f"{ROLE}:{CANARY}", f"{ROLE}:{CANARY}%zz"), ("?", "?")])
def test_urls_that_cannot_work_do_not_show_it_either(broken, guarded):
    url = guarded.full.replace(*broken)
    if broken == ("?", "?"):
        url += f"?nonsense=1&password={CANARY}"
    guarded.configure(url=url)
    for command in (["up"], ["status", "--json"], ["doctor"], ["config"]):
        result = guarded.run(*command)
        assert CANARY not in result.stdout + result.stderr, str(result)


def test_the_process_list_and_the_sessions_do_not_show_it(guarded, database):
    pause = {"postgres": "SELECT pg_sleep(3);", "mariadb": "SELECT sleep(3);"}[database.kind]
    guarded.migration(f"{SECOND}_slow", f"-- migrate:up\n{pause}\n")
    guarded.configure(url=guarded.bare)
    with guarded.start("up", "--url", guarded.full) as process:
        sessions = {"postgres": "SELECT application_name, query FROM pg_stat_activity",
                    "mariadb": "SELECT * FROM information_schema.processlist"}[database.kind]
        for _ in range(10):
            time.sleep(0.2)
            line = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
            assert CANARY.encode() not in line
            assert CANARY not in str(database.sql(sessions))
        output = b"".join(process.communicate())
    assert process.returncode == 0
    assert CANARY.encode() not in output
    assert b"DATABASE_URL" in output  # the better way is named


def test_init_does_not_write_it_down(make_project, guarded):
    project = make_project()
    project.run("init", guarded.full, code=0)
    for path in project.folder.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()


def test_a_terminal_does_not_show_it(guarded):
    guarded.configure(url=guarded.full)
    guarded.run("up", code=0)
    with Terminal(guarded, "down") as terminal:
        terminal.expect("[y/N]")
        terminal.type("n\n")
        assert terminal.finish() == 9
    assert CANARY not in terminal.seen


def test_rows_stay_out_of_messages(guarded, database):
    """The database's own detail has the row that is in the way; godwit's message has not."""
    guarded.configure(url=guarded.full)
    guarded.run("up", code=0)
    database.server.psql("INSERT INTO users VALUES (7, 'private-row')", database.name) \
        if database.kind == "postgres" else database.server.sql(
            "INSERT INTO users VALUES (7, 'private-row')", database.name)
    guarded.migration(f"{SECOND}_again", "-- migrate:up\nINSERT INTO users (id, email)"
                      " SELECT id + 1000, email FROM users;\n")
    result = guarded.run("up", "-v", "--json", code=4)
    assert "private-row" not in result.stdout + result.stderr
    assert json.loads(result.stdout)["error"]["code"] == "GW0414"
