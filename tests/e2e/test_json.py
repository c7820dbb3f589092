"""`--json` of every command: one document, with the names that docs/json.md has and no others."""

import json
import pathlib
import re

import pytest

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "json.md"
FIRST, SECOND = "20240101000000", "20240101000001"


def sections():
    """{command: its names}"""
    found = {}
    for part in re.split(r"^## ", DOCS.read_text(), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        for command in title.split(", "):
            quoted = set(re.findall(r'"(\w+)"', body))
            marked = {word for words in re.findall(r"`([\w\s]+)`", body) for word in words.split()}
            found[command.lower()] = quoted | marked
    return found


def keys(value):
    """All names of objects inside `value`."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys(inner)}
    return set()


@pytest.fixture
def filled(project, database):
    project.migration(f"{FIRST}_users", "-- Users.\n-- migrate:up\n"
                      "CREATE TABLE users (id integer PRIMARY KEY, email varchar(50));\n"
                      "-- migrate:verify\nSELECT id FROM users WHERE id < 0;\n"
                      "-- migrate:down\nDROP TABLE users;\n")
    project.write("seeds/users.sql", "DELETE FROM users;\nINSERT INTO users VALUES (1, 'x');\n")
    return project


COMMANDS = [
    ("plan", ["plan"]), ("up", ["up"]), ("up", ["up"]), ("status", ["status", "--all", "-v"]),
    ("seed", ["seed"]), ("verify", ["verify"]), ("redo", ["redo", "--yes"]),
    ("plan", ["plan", "--down"]), ("plan", ["plan", "--sql"]), ("plan", ["plan", "--markdown"]),
    ("down", ["down", "--yes"]), ("mark", ["mark", FIRST, "--applied", "--yes"]),
    ("mark", ["mark", FIRST, "--pending", "--yes"]), ("log", ["log"]), ("log", ["log", "--check"]),
    ("doctor", ["doctor"]), ("wait", ["wait"]), ("config", ["config"]),
    ("new", ["new", "more"]),
]


def test_results_have_the_documented_names(filled):
    documented = sections()
    for command, args in COMMANDS:
        result = filled.run(*args, "--json")
        assert result.code in (0, 1), str(result)
        document = json.loads(result.stdout)  # one document and nothing else
        names = documented[command] | documented["target"] | {"target"}
        unknown = keys(document) - names
        assert not unknown, f"`{result.command}` has names that docs/json.md has not: {unknown}"
        for line in result.stderr.splitlines():
            event = json.loads(line)  # JSON Lines and nothing else
            assert event["event"] in documented["events"], line


# Names of what does not happen in COMMANDS, and words that are values.
ELSEWHERE = {"foreign", "tool", "table", "running", "run", "since", "step", "dead", "pid",
             "command", "ignored", "heads", "left_out", "altered", "unwitnessed", "sample", "yes",
             "no", "irreversible"}


def test_documented_names_are_there(filled):
    seen, quoted = {}, {}
    for command, args in COMMANDS:
        seen.setdefault(command, set()).update(keys(filled.run(*args, "--json").json()))
    for part in re.split(r"^## ", DOCS.read_text(), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        for command in title.split(", "):
            quoted[command] = set(re.findall(r'"(\w+)"', body))
    for command in seen:
        missing = quoted[command] - seen[command] - ELSEWHERE
        assert not missing, f"{command}: docs/json.md has names that never come: {missing}"


def test_errors_are_json_too(filled):
    result = filled.run("up", "--to", "9", "--json", code=2)
    error = json.loads(result.stdout)["error"]
    assert set(error) <= {"code", "message", "hint", "state", "next", "sqlstate", "file", "line",
                          "column", "text"}
    assert error["code"] == "GW0216"


def test_a_failed_run_has_error_and_result(filled):
    filled.migration(f"{SECOND}_bad", "-- migrate:up\nINSERT INTO peeple VALUES (1);\n")
    document = filled.run("up", "--json", code=4).json()
    assert document["error"]["code"] == "GW0411"
    assert document["error"]["file"] == f"migrations/{SECOND}_bad.sql"
    assert document["error"]["line"] == 2
    assert [one["version"] for one in document["result"]["migrations"]] == [FIRST]


def test_plan_and_status_say_what_they_do_on_stdout_alone(filled):
    for command in ("plan", "status"):
        result = filled.run(command, "-q", code=0)
        assert result.stderr == ""
