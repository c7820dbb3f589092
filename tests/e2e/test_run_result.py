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
