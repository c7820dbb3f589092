"""A migration that stopped in its middle: plan, status and up say where it goes on."""

import pytest

BAD = "INSERT INTO nobody VALUES (1);"
FILE = """\
-- migrate:up transaction:false
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
{0}
CREATE TABLE d (id integer PRIMARY KEY);
CREATE TABLE e (id integer PRIMARY KEY);
-- migrate:down transaction:false
DROP TABLE e;
{1}
DROP TABLE b;
DROP TABLE a;
"""
GOOD, GOOD_DOWN = "CREATE TABLE c (id integer PRIMARY KEY);", "DROP TABLE d;\nDROP TABLE c;"


@pytest.fixture
def stopped(project):
    project.migration("1_five", FILE.format(BAD, GOOD_DOWN))
    project.run("up", code=4)
    return project


def test_plan_names_the_statement_and_lists_the_rest(stopped):
    plan = stopped.run("plan", code=0).stdout
    assert "going on at statement 3 of 5; those before it are done" in plan
    assert "CREATE TABLE a" not in plan and "CREATE TABLE d" in plan
    assert "CREATE TABLE a" in stopped.run("plan", "-v", code=0).stdout
    markdown = stopped.run("plan", "--markdown", code=0).stdout
    assert "Going on at statement 3 of 5" in markdown
    migration, = stopped.run("plan", "--json", code=0).json()["migrations"]
    assert (migration["resume_at"], migration["statements"]) == (3, 5)
    assert [step["done"] for step in migration["steps"]] == [True, True, False, False, False]
    assert [step["ordinal"] for step in migration["steps"]] == [1, 2, 3, 4, 5]


def test_status_names_the_statement(stopped):
    assert "goes on at statement 3 of 5" in " ".join(stopped.run("status", code=0).stdout.split())
    row, = stopped.run("status", "--json", code=0).json()["migrations"]
    assert (row["resume_at"], row["statements"]) == (3, 5)
    stopped.migration("1_five", "-- migrate:op\n")  # cannot be read now
    stopped.run("status", code=0)


def test_up_says_where_it_goes_on(stopped, database):
    stopped.migration("1_five", FILE.format(GOOD, GOOD_DOWN))
    assert "going on at statement 3 of 5" in stopped.run("up", code=0).stderr
    assert database.tables() == ["a", "b", "c", "d", "e"]
    row, = stopped.run("status", "--json", code=0).json()["migrations"]
    assert "resume_at" not in row


def test_a_new_migration_does_not_go_on(project):
    project.migration("1_five", FILE.format(GOOD, GOOD_DOWN))
    assert "statements are done" not in project.run("plan", code=0).stdout
    migration, = project.run("plan", "--json", code=0).json()["migrations"]
    assert migration["resume_at"] is None


def test_the_result_has_it(stopped):
    stopped.migration("1_five", FILE.format(GOOD, GOOD_DOWN))
    migration, = stopped.run("up", "--json", code=0).json()["migrations"]
    assert migration["resume_at"] == 3


def test_a_down_that_stopped(project, database):
    project.migration("1_five", FILE.format(GOOD, BAD))
    project.run("up", code=0)
    project.run("down", "--yes", code=4)
    note = project.run("status", "--json", code=0).json()["migrations"][0]["note"]
    assert "goes on at statement 2 of 4" in note
    project.migration("1_five", FILE.format(GOOD, GOOD_DOWN))
    assert "going on at statement 2 of 5" in project.run("down", "--yes", code=0).stderr
    assert database.tables() == []
