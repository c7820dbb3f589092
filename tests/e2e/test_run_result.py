"""The line that sums a run up, and its result as JSON."""

TABLE = "-- migrate:up\nCREATE TABLE {0} (id integer);\n-- migrate:down\nDROP TABLE {0};\n"


def test_only_what_applies_names_a_batch(project, database):
    project.migration("1_a", TABLE.format("a"))
    assert "(batch 1)" in project.run("up", code=0).stdout
    assert "batch" not in project.run("down", "--yes", code=0).stdout
    project.run("up", code=0)
    assert project.run("down", "--yes", "--json", code=0).json()["batch"] == 0
    assert project.run("up", "--json", code=0).json()["batch"] == 1
    assert "(batch 2)" in project.run("redo", "--yes", code=0).stdout
    shown = project.run("status", "--json", code=0).json()["migrations"]
    assert [row["batch"] for row in shown] == [2]
    assert project.run("up", "--json", code=0).json()["batch"] == 0


PHASES = """\
-- migrate:expand
CREATE TABLE a (id integer);
-- migrate:contract
CREATE TABLE b (id integer);
-- migrate:down
DROP TABLE b;
DROP TABLE a;
"""


def test_contract_says_what_it_did(project, database):
    project.configure("phases: stop")
    project.migration("1_a", PHASES)
    assert "expanded 1 migration in" in project.run("up", code=0).stdout
    done = project.run("contract", "--yes", code=0).stdout
    assert done.startswith("contracted 1 migration in "), done
    assert "batch" not in done
    assert database.tables() == ["a", "b"]
    nothing = project.run("contract", "--yes", code=0).stdout
    assert nothing == "nothing to contract: no migration is expanded\n"
    project.run("log", "--check", code=0)
    project.run("down", "--yes", code=0)
    assert database.tables() == []


def test_a_contract_that_fails_goes_on(project, database):
    project.configure("phases: stop")
    phases = PHASES.replace("migrate:contract", "migrate:contract transaction:false")
    good = phases.replace("b (id integer);", "b (id integer);\nINSERT INTO b VALUES (1);")
    project.migration("1_a", good.replace("INTO b", "INTO bb"))
    project.run("up", code=0)
    project.run("contract", "--yes", code=4)
    row, = project.run("status", "--json", code=0).json()["migrations"]
    assert (row["state"], row["resume_at"], row["statements"]) == ("failed", 3, 3)
    project.migration("1_a", good)
    assert "going on at statement 3 of 3" in project.run("up", code=0).stderr
    assert database.sql("SELECT id FROM b") == [("1",)]
    assert project.run("status", "--json", code=0).json()["counts"]["applied"] == 1


def test_redo_of_what_has_no_down_names_redo(project):
    project.migration("1_a", "-- migrate:up\nCREATE TABLE a (id integer);\n")
    project.run("up", code=0)
    refused = project.run("redo", "--yes", code=9)
    assert "then: godwit redo --yes" in " ".join(refused.stderr.split())
