"""What a dead client left running in the server: the next run starts at once, and does it once.

A statement of a killed client goes on in the server and takes effect later; a look at the catalog
in between would say that it did not run.
"""

import subprocess
import threading
import time

import pytest

from faults.effects import effects, hold_effects, wait_for
from faults.sessions import Session
from harness.database import ClientError, MariadbDatabase
from servers import MariaDB

RESUME = ("up", "--wait-lock", "60s")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def kill(process):
    process.kill()
    assert process.wait() == -9


def running(database, text):
    """Whether a session of the database runs a statement that begins so."""
    if database.kind == "postgres":
        return database.value("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND"
                              f" query LIKE '{text}%' AND datname = current_database()") != "0"
    return database.server.sql("SELECT count(*) FROM information_schema.processlist WHERE"
                               f" info LIKE '{text}%' AND db = '{database.name}'").strip() != "0"


@pytest.fixture
def scene(request, make_database, make_project):
    database = make_database(request.param)
    hold_effects(database)
    return database, make_project(database)


def on(kind):
    return pytest.mark.parametrize("scene", [kind], indirect=True, ids=[kind])


def fill(database, rows):
    database.sql("CREATE TABLE big (id int PRIMARY KEY, body varchar(400));"
                 f" INSERT INTO big SELECT seq, repeat('x', 300) FROM seq_1_to_{rows};")


@on("mariadb")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("change", [
    "ALTER TABLE big ADD COLUMN c int DEFAULT 1, ALGORITHM=COPY",
    "ALTER TABLE big MODIFY body varchar(500) NOT NULL DEFAULT 'y', ALGORITHM=COPY",
    "CREATE TABLE copied AS SELECT id, body, sleep(0.0001) slept FROM big WHERE id < 15000",
], ids=["add", "modify", "create-as"])
def test_an_alter_that_outlives_its_client_takes_effect_once(scene, change):
    database, project = scene
    fill(database, 250_000)
    project.migration("1_change", "-- migrate:up\nINSERT INTO effects VALUES ('before');\n"
                      f"{change};\nINSERT INTO effects VALUES ('after');\n"
                      "-- migrate:down\nDROP TABLE big;\n")
    holder = project.start("up", **QUIET)
    wait_for(lambda: running(database, change[:20]), 30, "the statement to run")
    time.sleep(0.1)
    kill(holder)
    lives_on = running(database, change[:20])
    began = time.monotonic()
    resumed = project.run(*RESUME, "--json", code=0, timeout=120)
    print(f"the statement ran on in the server: {lives_on}; resumed in "
          f"{time.monotonic() - began:.1f} s: {resumed.json()['recovered']}")
    assert lives_on, "the statement was over before the client was killed"
    assert effects(database) == ["after", "before"]
    columns = database.value("SELECT count(*) FROM information_schema.columns WHERE"
                             " table_schema = DATABASE() AND table_name = 'big'")
    assert columns == ("3" if "ADD COLUMN" in change else "2")
    project.run("log", "--check", code=0)


@on("postgres")
@pytest.mark.timeout(120)
def test_an_index_build_of_a_dead_client_is_taken_up(scene):
    """The build waits for an old transaction; its client dies; an INVALID index is left, or the
    build itself: either way there is one valid index in the end."""
    database, project = scene
    database.sql("CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 50000) i;")
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      "INSERT INTO effects VALUES ('before');\n"
                      "CREATE INDEX CONCURRENTLY big_id ON big (id);\n"
                      "INSERT INTO effects VALUES ('after');\n"
                      "-- migrate:down\nDROP INDEX big_id;\n")
    with OldTransaction(database, 4):
        holder = project.start("up", **QUIET)
        wait_for(lambda: running(database, "CREATE INDEX"), 20, "the build")
        time.sleep(0.5)
        kill(holder)
        began = time.monotonic()
        resumed = project.run(*RESUME, "--json", code=0)
    valid = database.sql("SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid ="
                         " indexrelid WHERE indrelid = 'big'::regclass")
    print(f"resumed in {time.monotonic() - began:.1f} s: {resumed.json()['recovered']}")
    assert valid == [("big_id", "t")]
    assert effects(database) == ["after", "before"]


@on("postgres")
def test_an_invalid_index_of_a_dead_build_is_dropped_and_built_again(scene):
    database, project = scene
    database.sql("CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 1000) i;")
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      "INSERT INTO effects VALUES ('before');\n"
                      "CREATE INDEX CONCURRENTLY big_id ON big (id);\n"
                      "-- migrate:down\nDROP INDEX big_id;\n")
    with OldTransaction(database, 3):
        holder = project.start("up", **QUIET)
        wait_for(lambda: running(database, "CREATE INDEX"), 20, "the build")
        time.sleep(0.5)
        kill(holder)
        database.server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                             " WHERE query LIKE 'CREATE INDEX%'")
    states = database.sql("SELECT indisvalid FROM pg_index WHERE indrelid = 'big'::regclass")
    assert states == [("f",)], "no remains to clean up"
    project.run(*RESUME, code=0)
    states = database.sql("SELECT indisvalid FROM pg_index WHERE indrelid = 'big'::regclass")
    assert states == [("t",)]
    assert effects(database) == ["before"]


@on("postgres")
@pytest.mark.parametrize("statement, wanted", [
    ("REINDEX INDEX CONCURRENTLY big_id", [("big_id", "t")]),
    ("REINDEX TABLE CONCURRENTLY big", [("big_id", "t")]),
    ("DROP INDEX CONCURRENTLY big_id", []),
    ("CREATE INDEX CONCURRENTLY ON big (id)", [("big_id", "t"), ("big_id_idx", "t")]),
    ("CREATE INDEX CONCURRENTLY IF NOT EXISTS big_two ON big (id)",
     [("big_id", "t"), ("big_two", "t")])])
def test_a_dead_concurrent_statement_leaves_no_invalid_index(scene, statement, wanted):
    database, project = scene
    database.sql("CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 1000) i;"
                 "CREATE INDEX big_id ON big (id);")
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      f"INSERT INTO effects VALUES ('before');\n{statement};\n"
                      "INSERT INTO effects VALUES ('after');\n-- migrate:irreversible no\n")
    with OldTransaction(database, 3):
        holder = project.start("up", **QUIET)
        wait_for(lambda: running(database, statement), 20, "the statement")
        time.sleep(0.5)
        kill(holder)
        database.server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                             f" WHERE query LIKE '{statement}%' AND pid <> pg_backend_pid()")
    indexes = ("SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid"
               " WHERE indrelid = 'big'::regclass ORDER BY 1")
    left = database.sql(indexes)
    assert ("f" in dict(left).values()), "no remains to clean up"
    project.run(*RESUME, code=0)
    print(f"{statement}: left {left}, in the end {database.sql(indexes)}")
    assert database.sql(indexes) == wanted
    assert effects(database) == ["after", "before"]


DETACH = "ALTER TABLE whole DETACH PARTITION part CONCURRENTLY"


@on("postgres")
@pytest.mark.parametrize("how", ["killed", "cancelled"])
def test_an_interrupted_detach_is_completed(scene, how):
    """Nothing but FINALIZE gets it out of the way; it is not done twice."""
    database, project = scene
    database.sql("CREATE TABLE big AS SELECT 1 AS id;"
                 "CREATE TABLE whole (id int) PARTITION BY RANGE (id);"
                 "CREATE TABLE part PARTITION OF whole FOR VALUES FROM (1) TO (9);"
                 "INSERT INTO whole VALUES (1);")
    project.migration("1_detach", "-- migrate:up transaction:false\n"
                      f"INSERT INTO effects VALUES ('before');\n{DETACH};\n"
                      "INSERT INTO effects VALUES ('after');\n-- migrate:irreversible no\n")
    pending = "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'part'::regclass"
    with Session(database) as old:
        old.ask("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM whole;")
        holder = project.start("up", **QUIET)
        wait_for(lambda: database.sql(pending) == [("t",)], 20, "the second half of the detaching")
        if how == "killed":
            kill(holder)
        database.server.psql("SELECT pg_cancel_backend(pid), pg_sleep(0.2),"
                             f" pg_{'terminate' if how == 'killed' else 'cancel'}_backend(pid)"
                             f" FROM pg_stat_activity WHERE query LIKE '{DETACH}%'"
                             " AND pid <> pg_backend_pid()")
        holder.wait(20)
        assert database.sql(pending) == [("t",)], "nothing to complete"
    project.run(*RESUME, code=0)
    assert database.sql(pending) == []
    assert database.sql("SELECT id FROM part") == [("1",)]
    assert effects(database) == ["after", "before"]


@on("postgres")
@pytest.mark.parametrize("name", ["named", ""])
def test_a_failed_build_leaves_no_invalid_index(scene, name):
    database, project = scene
    database.sql("CREATE TABLE big AS SELECT i % 500 AS id FROM generate_series(1, 1000) i;")
    project.migration("1_index", "-- migrate:up transaction:false\n"
                      f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON big (id);\n"
                      "-- migrate:irreversible no\n")
    project.run("up", code=4)
    assert database.sql("SELECT 1 FROM pg_index WHERE indrelid = 'big'::regclass") == []
    database.sql("DELETE FROM big a USING big b WHERE a.ctid < b.ctid AND a.id = b.id;")
    project.run("up", code=0)
    assert database.sql("SELECT indisvalid FROM pg_index WHERE indrelid = 'big'::regclass"
                        ) == [("t",)]


class OldTransaction(Session):
    """A transaction that is open for some seconds; concurrent builds wait for its end."""

    def __init__(self, database, seconds):
        super().__init__(database)
        self.ask("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM big;")
        self.end = threading.Timer(seconds, self.send, ["COMMIT;"])
        self.end.start()

    def __exit__(self, *_):
        self.end.join()
        self.close()


SLOW_COMMIT = """\
CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON effects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION nap();
"""


@on("postgres")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("slow", ["statement", "commit"])
def test_a_transaction_of_a_dead_client_is_done_once(scene, slow):
    """All of it is in the server when the client dies, and lands later."""
    database, project = scene
    nap = "SELECT pg_sleep(1);" if slow == "statement" else ""
    text = "COMMIT" if slow == "commit" else "SELECT pg_sleep"
    database.sql(SLOW_COMMIT if slow == "commit" else "")
    project.migration("1_slow", f"-- migrate:up\nINSERT INTO effects VALUES ('one');\n{nap}\n"
                      "CREATE TABLE made (id int);\n-- migrate:down\nDROP TABLE made;\n")
    landed = 0
    for wait in (0.1, 0.4, 0.7):
        holder = project.start("up", **QUIET)
        wait_for(lambda: running(database, text), 20, "the statement")
        time.sleep(wait)
        kill(holder)
        resumed = project.run(*RESUME, "--json", code=0)
        landed += not resumed.json()["migrations"]
        assert effects(database) == ["one"]
        assert database.value("SELECT count(*) FROM pg_class WHERE relname = 'made'") == "1"
        project.run("down", "--yes", code=0)
        database.sql("DELETE FROM effects;")
    print(f"slow {slow}: of 3 transactions whose client died {landed} landed by themselves; "
          "none twice")
    assert landed == 3


def calls(database):
    return running(database, "CALL slow") or running(database, "DO SLEEP")


def kill_in_call(scene, text):
    """A run of a migration with this text dies in its call of slow(), which goes on."""
    database, project = scene
    database.sql("DELIMITER //\nCREATE PROCEDURE slow() BEGIN DO SLEEP(2);"
                 " ALTER TABLE effects ADD COLUMN called int; END//\n")
    project.migration("1_call", text)
    holder = project.start("up", **QUIET)
    wait_for(lambda: calls(database), 20, "the call")
    time.sleep(0.5)
    kill(holder)


@on("mariadb")
@pytest.mark.timeout(120)
def test_a_procedure_of_a_dead_client_is_done_once(scene):
    database, project = scene
    kill_in_call(scene, "-- migrate:up\nCALL slow();\n"
                 "INSERT INTO effects (what) VALUES ('after');\n-- migrate:irreversible no\n")
    project.run(*RESUME, code=0)
    assert database.sql("SELECT what, called FROM effects") == [("after", None)]


@on("mariadb")
@pytest.mark.timeout(120)
def test_accepting_a_file_does_not_forget_what_is_in_doubt(scene):
    """The intent of the first statement stands in an event that the decision replaces."""
    database, project = scene
    text = "-- migrate:up\nCALL slow();\n-- migrate:irreversible no\n"
    kill_in_call(scene, text)
    wait_for(lambda: not calls(database), 20, "its end")
    project.migration("1_call", f"-- mended\n{text}")
    project.run("repair", "--accept", "1", "--yes", code=0)
    project.run(*RESUME, code=0)
    assert database.sql("SHOW COLUMNS FROM effects LIKE 'called'")
    project.run("log", "--check", code=0)


@on("mariadb")
@pytest.mark.timeout(180)
def test_a_dead_run_s_session_is_not_mistaken_for_another_after_a_restart(
        server_folder, scene, make_project):
    """Connection ids begin again at the server's start: nobody else may be ended for them."""
    server = MariaDB(server_folder / "restart", durable=False)
    server.start()
    try:
        server.create_database("gw_restart")
        database = MariadbDatabase(server, "gw_restart")
        hold_effects(database)
        project = make_project(database)
        project.migration("1_slow", "-- migrate:up\nINSERT INTO effects VALUES ('one');\n"
                          "ALTER TABLE effects ADD COLUMN b int;\nDO SLEEP(20);\n"
                          "-- migrate:irreversible no\n")
        holder = project.start("up", **QUIET)
        wait_for(lambda: effects_of(database) == 1, 20, "the first statement")
        time.sleep(4)  # the server's start is told to the second: two starts must differ
        server.kill()
        holder.wait(30)
        server.restart()
        others = [Session(database) for _ in range(30)]
        project.migration("1_slow", "-- migrate:up\nINSERT INTO effects VALUES ('one');\n"
                          "ALTER TABLE effects ADD COLUMN b int;\nDO SLEEP(0);\n"
                          "-- migrate:irreversible no\n")
        project.run("up", "--wait-lock", "60s")
        ended = [other for other in others if not other.lives()]
        for other in others:
            other.close()
        assert not ended, f"{len(ended)} sessions of others were ended"
    finally:
        server.remove()


def effects_of(database):
    try:
        return len(database.sql("SELECT b FROM effects"))
    except ClientError:
        return 0
