"""`plan --markdown` is what a reviewer sees in a pull request."""

import re


def test_each_step_is_a_row_with_its_lock(project, database):
    project.migration("1_users", "-- Who may log in.\n-- migrate:up\n"
                      "CREATE TABLE users (id integer PRIMARY KEY, b varchar(20));\n"
                      "-- migrate:down\nDROP TABLE users;\n")
    project.run("up", code=0)
    project.migration("2_more", "-- It *adds* a column <b>.\n-- migrate:up\n"
                      "ALTER TABLE users ADD COLUMN c varchar(9) DEFAULT 'a|b';\n"
                      "UPDATE users SET c = '```';\n")
    text = project.run("plan", "--markdown", code=0).stdout
    assert text.startswith("# Migrations: test up\n")
    assert "## 2 more (up)" in text
    assert "It \\*adds\\* a column \\<b\\>." in text
    rows = re.findall(r"^\| (\d+) \|.*\|$", text, re.MULTILINE)
    assert rows == ["1", "2"]
    # Each row has as many cells as the head: a | in a statement is escaped.
    for line in re.findall(r"^\|.*\|$", text, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", line)) == 9, line
    assert "there is no down" in text
    # The SQL is one block, whatever is in it.
    fence = re.search(r"^(`{3,})sql$", text, re.MULTILINE)[1]
    assert len(fence) == 4
    block = text.split(f"{fence}sql\n")[1].split(f"\n{fence}\n")[0]
    assert "UPDATE users SET c = '```';" in block
    assert database.url not in text or database.kind == "sqlite"


def test_much_data_is_cut(project):
    rows = ",\n".join(f"({i}, 'x')" for i in range(5000))
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer, b varchar(5));\n"
                      f"INSERT INTO t VALUES {rows};\n-- migrate:down\nDROP TABLE t;\n")
    text = project.run("plan", "--markdown", code=0).stdout
    assert len(text) < 25000
    assert "and more" in text


def test_nothing_to_do_is_said(project):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n")
    project.run("up", code=0)
    assert "Nothing to do." in project.run("plan", "--markdown", code=0).stdout


def test_what_is_no_one_transaction_is_said(project, database):
    project.migration("1_t", "-- migrate:up transaction:false\nCREATE TABLE t (a integer);\n"
                      "CREATE INDEX i ON t (a);\n-- migrate:down\nDROP TABLE t;\n")
    text = project.run("plan", "--markdown", code=0).stdout
    assert "Not one transaction" in text
