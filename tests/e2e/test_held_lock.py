"""What another run that meets the lock is told of its holder: at which statement it is."""

import time

import pytest

SLOW = {"sqlite": "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                  " FROM n WHERE i < 1000000000) SELECT count(*) AS c FROM n;",
        "postgres": "SELECT pg_sleep(60);", "mariadb": "DO sleep(60);"}
MIGRATION = """\
-- migrate:up{options}
CREATE TABLE first (id integer PRIMARY KEY);
{slow}
CREATE TABLE last (id integer PRIMARY KEY);
-- migrate:down
DROP TABLE last;
DROP TABLE first;
"""
SECONDS = 1.5  # after which a statement has to be named


def step_in_time(project, part=""):
    """What `status` says of the running step, once that is said and has `part` in it."""
    began = None
    for _ in range(400):
        running = project.run("status", "--json").json()["running"]
        began = began or (time.monotonic() if running else None)
        if running and running["step"] and part in running["step"]:
            return running["step"], time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError("no step is told")


@pytest.mark.parametrize("options", ["", " transaction:false"], ids=["atomic", "journalled"])
def test_the_holder_is_named_with_its_statement(project, database, options):
    project.migration("1_slow", MIGRATION.format(slow=SLOW[database.kind], options=options))
    with project.start("up", "-q") as other:
        try:
            step, seconds = step_in_time(project, "statement 2")
            refused = project.run("up", code=5)
            shown = project.run("status", code=0)
        finally:
            other.kill()
    assert step == "1 slow, statement 2 of 3"
    assert seconds < SECONDS
    assert ", at 1 slow, statement 2 of 3" in " ".join(refused.stderr.split())
    assert ", at 1 slow, statement 2 of 3" in " ".join(shown.stdout.split())


def test_a_check_is_named(project, database):
    slow = {"sqlite": "SELECT 1 FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                      " FROM n WHERE i < 1000000000) SELECT count(*) AS c FROM n) WHERE c = 0;",
            "postgres": "SELECT 1 WHERE pg_sleep(60) IS NULL;",
            "mariadb": "SELECT 1 FROM DUAL WHERE sleep(60) = 3;"}
    project.migration("1_slow", "-- migrate:up\nCREATE TABLE first (id integer PRIMARY KEY);\n"
                      "-- migrate:verify\nSELECT id FROM first;\n" + slow[database.kind] +
                      "\n-- migrate:down\nDROP TABLE first;\n")
    with project.start("up", "-q") as other:
        try:
            step = ""
            for _ in range(100):
                step, _ = step_in_time(project)
                if "check" in step:
                    break
                time.sleep(0.05)
        finally:
            other.kill()
    assert step == "1 slow, check 2 of 2"
