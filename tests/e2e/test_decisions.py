"""What mark and repair say when there is nothing to decide."""

FILE = "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n"


def test_a_decision_that_is_refused_says_the_state(project):
    project.migration("1_a", FILE)
    project.run("up", code=0)
    for words in (["mark", "--pending", "7"], ["repair", "--done", "1"],
                  ["repair", "--forget", "1"], ["repair", "--accept", "7"]):
        refused = project.run(*words, code=2)
        assert "state: nothing was changed" in refused.stderr, str(refused)
        assert "next:  godwit " in refused.stderr, str(refused)


def test_accepting_a_file_that_is_as_it_was_changes_nothing(project):
    project.migration("1_a", FILE)
    project.run("up", code=0)
    assert project.run("repair", "--accept", "1", code=0).stdout == "nothing had to be changed\n"
    project.migration("1_a", FILE.replace("id integer", "id integer, n integer"))
    change, = project.run("repair", "--accept", "1", "--json", code=0).json()["changes"]
    assert (change["from"], change["to"]) == ("changed", "applied")
