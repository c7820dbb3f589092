"""Databases that cannot be reached or written to: what godwit says, and that its advice works."""

import os
import signal
import subprocess
import time

import pytest

from harness.database import MariadbDatabase, PostgresDatabase, SqliteDatabase
from servers import MariaDB, Postgres
from servers.server import free_port

GOOD = """\
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY);
-- migrate:down
DROP TABLE users;
"""
FIRST, SECOND = "20240101000000", "20240101000001"
SERVERS = pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
ONLY = {kind: pytest.mark.parametrize("database", [kind], indirect=True)
        for kind in ("sqlite", "postgres", "mariadb")}


@pytest.fixture
def one(project):
    """A project with one good migration."""
    project.migration(f"{FIRST}_users", GOOD)
    return project


# Not reached

@SERVERS
def test_closed_port(one, database, golden):
    one.configure(url=database.url.replace(str(database.server.port), str(free_port())))
    refusal = golden(one, "up", code=3)
    assert refusal.code == "GW0301"
    one.configure()
    refusal.follow()


@SERVERS
def test_unknown_host(one, database, golden):
    one.configure(url=database.url.replace("127.0.0.1", "no-such-host.invalid"))
    refusal = golden(one, "up", code=3)
    one.configure()
    refusal.follow()


@SERVERS
def test_wrong_password(one, database, golden):
    one.configure(url=database.url.replace(":bar-tailed@", ":wrong-secret@"))
    refusal = golden(one, "up", code=3)
    assert refusal.code == "GW0302"
    assert "wrong-secret" not in str(refusal.result)
    refusal.follow(edit=one.configure)


@SERVERS
def test_database_that_does_not_exist(one, database, golden):
    one.configure(url=database.url.replace(database.name, "gw_nowhere"))
    refusal = golden(one, "up", code=3)
    assert refusal.code == "GW0303"
    refusal.follow(edit=one.configure)


@ONLY["postgres"]
def test_server_without_tls(one, database, golden):
    one.configure(url=f"{database.url}?sslmode=require")
    refusal = golden(one, "up", code=3)
    assert refusal.code == "GW0304"
    refusal.follow(edit=one.configure)


@SERVERS
def test_unknown_parameter_of_the_url(one, database, golden):
    one.configure(url=f"{database.url}?sslmod=require")
    golden(one, "up", code=2).follow(edit=one.configure)


@ONLY["sqlite"]
def test_folder_that_is_not_there(one, golden):
    one.configure(url="sqlite:nowhere/app.db")
    golden(one, "up", code=3).follow(edit=one.configure)


@ONLY["sqlite"]
def test_status_and_plan_of_a_file_that_is_not_there(one, database, golden):
    """A newcomer sees what will be done; nothing is made by looking."""
    golden.check(one.run("status", code=0), one)
    golden.check(one.run("plan", code=0), one)
    assert not database.path.exists()
    golden(one, "down", "--yes", code=3)
    assert not database.path.exists()


@ONLY["sqlite"]
def test_file_that_is_no_database(one, database, golden):
    database.path.write_text("This is a letter and no database. " * 100)
    golden(one, "up", code=3).follow(edit=database.path.unlink)


@ONLY["sqlite"]
def test_folder_in_place_of_a_file(one, database, golden):
    database.path.mkdir()
    golden(one, "up", code=3).follow(edit=database.path.rmdir)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_server_that_shuts_down_and_is_gone(one, database, golden, tmp_path):
    server = Postgres(tmp_path / "spare", durable=False).start()
    try:
        one.configure(url=server.url("godwit"))
        golden.database = PostgresDatabase(server, "godwit")
        with subprocess.Popen([server.bin / "psql", "-Xq", server.url("godwit")],
                              stdin=subprocess.PIPE) as guest:
            guest.stdin.write(b"SELECT pg_sleep(0);\n\\echo here\n")
            guest.stdin.flush()
            wait_until(lambda: int(server.psql("SELECT count(*) FROM pg_stat_activity"
                                               " WHERE application_name = 'psql'")) > 1)
            os.kill(server.pid, signal.SIGTERM)  # waits for the guest
            wait_until(lambda: "shutdown request" in server.log_tail(100))
            refusal = golden(one, "up", code=3)
            assert refusal.code == "GW0306"
            guest.stdin.close()
        wait_until(lambda: not server.is_running())
        gone = golden(one, "up", code=3)
        assert gone.code == "GW0301"
        with one.start("wait", "--timeout", "60s") as waiting:
            server.restart()
            assert waiting.wait(60) == 0
        gone.follow()
    finally:
        server.remove()


def wait_until(is_true, seconds=30):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@SERVERS
def test_connection_that_is_cut_during_a_run(one, database, golden):
    pause = {"postgres": "SELECT pg_sleep(60);", "mariadb": "SELECT sleep(60);"}[database.kind]
    slow = one.migration(f"{SECOND}_slow", f"-- migrate:up\n{pause}\n-- migrate:down\nSELECT 1;\n")
    with one.start("up", "-q", stderr=subprocess.STDOUT) as process:
        wait_until(lambda: sleepers(database))
        cut(database, sleepers(database)[0][0])
        output = process.communicate()[0].decode()
    assert process.returncode == 8, output
    assert "GW0803" in output and "state:" in output and "next:  godwit up" in output
    slow.write_text("-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n")
    one.run("up", code=0)
    assert one.run("status", "--json").json()["counts"]["applied"] == 2


def sleepers(database):
    if database.kind == "postgres":
        return database.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                            " AND query LIKE 'SELECT pg_sleep%' AND state = 'active'")
    return database.sql("SELECT id FROM information_schema.processlist"
                        " WHERE db = DATABASE() AND info LIKE 'SELECT sleep%'")


def cut(database, session):
    if database.kind == "postgres":
        database.sql(f"SELECT pg_terminate_backend({session})")
    else:
        database.sql(f"KILL {session}")


# Not written to

@ONLY["postgres"]
def test_role_without_rights_on_postgres(one, database, golden):
    database.server.psql("CREATE ROLE gw_guest LOGIN PASSWORD 'guest'")
    try:
        one.configure(url=database.url.replace("godwit:bar-tailed", "gw_guest:guest"))
        refusal = golden(one, "up", code=4)
        assert refusal.code == "GW0403"
        # With the rights it has the ledger, and fails in the migration.
        database.sql("GRANT CREATE ON DATABASE %s TO gw_guest" % database.name)
        golden(one, "up", code=4)
        database.sql("GRANT CREATE ON SCHEMA public TO gw_guest")
        one.run("up", code=0)
    finally:
        database.server.psql("DROP OWNED BY gw_guest; DROP ROLE gw_guest", database.name)


@ONLY["mariadb"]
def test_user_without_rights_on_mariadb(one, database, golden):
    database.server.sql("CREATE OR REPLACE USER gw_guest@'%' IDENTIFIED BY 'guest';"
                        f"GRANT SELECT ON {database.name}.* TO gw_guest@'%'")
    try:
        one.configure(url=database.url.replace("godwit:bar-tailed", "gw_guest:guest"))
        refusal = golden(one, "up", code=4)
        assert refusal.code == "GW0403"
        database.server.sql(f"GRANT ALL ON {database.name}.* TO gw_guest@'%'")
        one.run("up", code=0)
    finally:
        database.server.sql("DROP USER gw_guest@'%'")


@ONLY["mariadb"]
def test_trigger_without_super_while_the_binary_log_is_on(one, database, golden):
    database.server.sql("SET GLOBAL log_bin_trust_function_creators = 0")
    one.run("up", code=0)
    one.migration(f"{SECOND}_trigger", "-- migrate:up\nCREATE TRIGGER users_made BEFORE INSERT"
                  " ON users FOR EACH ROW SET @made = 1;\n-- migrate:down\n"
                  "DROP TRIGGER users_made;\n")
    refusal = golden(one, "up", code=4)
    assert refusal.code == "GW0403"
    assert "log_bin_trust_function_creators" in refusal.result.stderr
    database.server.sql("SET GLOBAL log_bin_trust_function_creators = 1")
    one.run("up", code=0)


@ONLY["postgres"]
def test_read_only_database_on_postgres(one, database, golden):
    alter = f"ALTER DATABASE {database.name} SET default_transaction_read_only"
    database.server.psql(f"{alter} = on")
    refusal = golden(one, "up", code=4)
    assert refusal.code == "GW0404"
    database.server.psql(f"{alter} = off")
    one.run("up", code=0)


@ONLY["mariadb"]
def test_read_only_server_on_mariadb(one, database, golden):
    database.server.sql("SET GLOBAL read_only = 1")
    try:
        refusal = golden(one, "up", code=4)
        assert refusal.code == "GW0404"
    finally:
        database.server.sql("SET GLOBAL read_only = 0")
    one.run("up", code=0)


@ONLY["sqlite"]
def test_read_only_file(one, database, golden):
    database.sql("CREATE TABLE app (id integer)")
    one.configure(url=f"{database.url}?mode=ro")
    refusal = golden(one, "up", code=4)
    assert refusal.code == "GW0404"
    one.configure()
    one.run("up", code=0)


@pytest.fixture
def small_disk(tmp_path):
    """small_disk(uid): a folder with room for one megabyte, on a file system of its own.

    Root mounts it; others see the one of a process that has its own mounts.
    """
    folder = tmp_path / "small"
    folder.mkdir()
    undo = []

    def make(uid):
        if os.geteuid() == 0:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=1m,mode=700,uid={uid}", "tmpfs",
                            folder], check=True)
            undo.append(lambda: subprocess.run(["umount", "-l", folder], check=True))
            return folder
        mount = f"mount -t tmpfs -o size=1m tmpfs '{folder}' && echo ready && exec sleep 600"
        keeper = subprocess.Popen(["unshare", "-rm", "sh", "-c", mount], stdout=subprocess.PIPE)
        undo.append(keeper.kill)
        assert keeper.stdout.readline() == b"ready\n"
        return type(folder)(f"/proc/{keeper.pid}/root{folder}")

    yield make
    for step in undo:
        step()


FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)\n"
              "INSERT INTO big SELECT i, hex(randomblob(1000)) FROM n;",
    "postgres": "INSERT INTO big SELECT i, repeat(md5(i::text), 60)"
                " FROM generate_series(1, 3000) i;",
    "mariadb": "INSERT INTO big SELECT seq, repeat(md5(seq), 60) FROM seq_1_to_3000;",
}


def big(make, kind):
    return f"-- migrate:up\n{make}\n{FILL[kind]}\n-- migrate:down\nDROP TABLE big;\n"


def check_full_disk(project, text, golden):
    path = project.migration(f"{SECOND}_big", text)
    refusal = golden(project, "up", code=4)
    assert refusal.code == "GW0405", str(refusal.result)
    refusal.follow(edit=lambda: path.write_text(text.replace("3000", "100")))


@ONLY["sqlite"]
def test_full_disk_on_sqlite(one, database, golden, small_disk):
    small = SqliteDatabase(small_disk(os.geteuid()) / "app.db")
    one.configure(url=small.url)
    golden.database = small
    one.run("up", code=0)
    check_full_disk(one, big("CREATE TABLE big (id integer PRIMARY KEY, body text);", "sqlite"),
                    golden)
    assert small.tables() == ["big", "users"]
    assert small.value("PRAGMA integrity_check") == "ok"


@ONLY["postgres"]
def test_full_disk_on_postgres(one, database, golden, small_disk):
    one.run("up", code=0)
    folder = small_disk(database.server.user.pw_uid)
    os.chmod(folder.parent, 0o755)
    grant_entry(folder)
    space = f"{database.name}_small"
    database.server.psql(f"CREATE TABLESPACE {space} OWNER godwit LOCATION '{folder}'")
    try:
        check_full_disk(one, big(f"CREATE TABLE big (id integer, body text) TABLESPACE {space};",
                                 "postgres"), golden)
    finally:
        database.sql("DROP TABLE IF EXISTS big")
        database.server.psql(f"DROP TABLESPACE {space}")


class SmallMariaDB(MariaDB):
    """All tables in one file that may not grow, for InnoDB ends itself where a disk is full."""

    def command(self):
        return [*super().command(), "--innodb-file-per-table=0",
                "--innodb-data-file-path=ibdata1:12M:autoextend:max:14M"]


@ONLY["mariadb"]
def test_full_disk_on_mariadb(one, database, golden, tmp_path):
    server = SmallMariaDB(tmp_path / "spare", durable=False).start()
    try:
        server.create_database("gw_small")
        small = MariadbDatabase(server, "gw_small")
        one.configure(url=small.url)
        golden.database = small
        one.run("up", code=0)
        check_full_disk(one, big("CREATE TABLE big (id integer, body text);", "mariadb"), golden)
        assert small.value("SELECT count(*) FROM big") == "100"
    finally:
        server.remove()


def grant_entry(folder):
    """Let the server's user enter the folders above; pytest makes them for their owner alone."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


# Locked by the application

@ONLY["sqlite"]
def test_writer_that_does_not_end_on_sqlite(one, database, golden):
    one.run("up", code=0)
    one.configure("patience: 300ms")
    one.migration(f"{SECOND}_more", GOOD.replace("users", "more"))
    with subprocess.Popen(["sqlite3", database.path], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as writer:
        writer.stdin.write(b"BEGIN IMMEDIATE;\n.print held\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == b"held\n"
        refusal = golden(one, "up", code=8)
        writer.stdin.close()
    refusal.follow()


HOLD = {"postgres": "BEGIN; SELECT * FROM users; SELECT 'held';\n",
        "mariadb": "BEGIN; SELECT * FROM users; SELECT 'held';\n"}


@SERVERS
def test_reader_that_does_not_end(one, database, golden):
    one.run("up", code=0)
    one.configure("patience: 500ms\nstall: 50ms")
    one.migration(f"{SECOND}_more", "-- migrate:up\nALTER TABLE users ADD COLUMN age integer;\n"
                  "-- migrate:down\nALTER TABLE users DROP COLUMN age;\n")
    client = {"postgres": ["psql", "-XqAt", database.url],
              "mariadb": ["mariadb", "--no-defaults", "-BN", "--unbuffered", "-ugodwit",
                          "-pbar-tailed", f"--socket={getattr(database.server, 'socket', '')}",
                          database.name]}[database.kind]
    with subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        reader.stdin.write(HOLD[database.kind].encode())
        reader.stdin.flush()
        assert reader.stdout.readline() == b"held\n"
        refusal = golden(one, "up", code=8)
        assert refusal.code == "GW0801"
        reader.stdin.close()
    refusal.follow()


# Where the password comes from

@SERVERS
def test_password_command_that_fails(one, database, golden):
    one.configure("password_command: [sh, -c, 'echo the vault is sealed >&2; exit 3']",
                  url=database.url.replace(":bar-tailed@", "@"))
    golden(one, "up", code=2).follow(edit=one.configure)
