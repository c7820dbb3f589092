"""What the program says when it refuses, held against committed files, and its advice followed.

`GODWIT_GOLDEN=1 pytest …` writes the files anew: read every changed one before committing it.
"""

import getpass
import os
import pathlib
import re
import shlex

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "e2e" / "golden"
WRITERS = {"up", "down", "redo", "seed", "mark", "repair"}
HEADLINE = re.compile(r"^(?:(?P<place>\S+?)(?::\d+){0,2}: )?error\[(?P<code>GW\d{4})\]: ", re.M)
NEXT = re.compile(r"^next:  (?P<text>.*(?:\n       .*)*)$", re.M)
STATE = re.compile(r"^state: (?P<text>.*(?:\n       .*)*)$", re.M)

PLAN = re.compile(r"^Step  +Statement.*\n(?:(?: {2,}.*|\S+ .*  (?:up|down|verify|contract)"
                  r"(?: .*)?)\n)*", re.M)
RULES = [
    (PLAN, "<plan>\n"),
    (re.compile(r"(?<=[^\n])\n {8}(?=\S)"), " "),  # a long line of the target, wrapped
    (re.compile(r" {2,}\d[\d.]* (?:us|ms|s|min)(?: {2,}|$)", re.M), "  <time>  "),
    (re.compile(r"\b\d[\d.]* (?:us|ms|s|min)\b"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)?"), "<moment>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<run>"),
    (re.compile(r"\b(sqlite|SQLite|postgres|PostgreSQL|mariadb|MariaDB) \d+(?:\.\d+)+[^\s,]*"),
     r"\1 <version>"),
    (re.compile(rf"\b(as|by) {getpass.getuser()}\b"), r"\1 <user>"),
    (re.compile(rf"\b{getpass.getuser()}@<host>"), "<user>@<host>"),
    (re.compile(r"\bpid \d+"), "pid <pid>"),
    (re.compile(r"\bsession \d+"), "session <id>"),
    (re.compile(r"((?:127\.0\.0\.1|\.invalid)):\d+"), r"\1:<port>"),
    (re.compile(r"pg_tblspc/[\w/]+"), "<file>"),
    (re.compile(r"\(\d+ tries\)"), "(<n> tries)"),
    (re.compile(r"^(again: .*\n)(?:again: .*\n)+", re.M), r"\1"),
    (re.compile(r"[ ]+$", re.M), ""),
]


def normalise(text, project, database):
    """`text` without what differs from run to run."""
    names = [(str(project.folder), "<folder>"), (str(project.folder.parent), "<tests>"),
             (os.uname().nodename, "<host>")]
    if database is not None and database.kind != "sqlite":
        names.append((str(database.server.run), "<sockets>"))
        if database.name.startswith("gw_"):
            names.append((database.name, "<database>"))
    elif database is not None:
        names.append((database.path.name, "<database>.db"))
    for found, shown in names:
        text = text.replace(found, shown)
    for pattern, shown in RULES:
        text = pattern.sub(shown, text)
    return text


class Refusal:
    """A failed run whose words were compared; `follow` does what they advise."""

    def __init__(self, project, result):
        self.project = project
        self.result = result
        found = HEADLINE.search(result.stderr)
        advice = NEXT.search(result.stderr)
        state = STATE.search(result.stderr)
        self.code = found["code"] if found else None
        self.place = found["place"] if found else None
        self.next = advice["text"] if advice else None
        self.state = state["text"] if state else None

    def follow(self, edit=None, then=None, code=0):
        """Do what `next:` says: an edit is done by `edit`, a command is run and ends with `code`.

        `then` is the command to run where the advice is an edit alone.
        """
        assert self.next, f"no next: in\n{self.result}"
        *first, last = self.next.split(", then: ")
        steps = first + [last]
        if edit is not None:
            assert not steps[0].startswith("godwit "), f"no edit asked for:\n{self.result}"
            self._check_named_file()
            edit()
            steps.pop(0)
        for command in steps:
            assert command.startswith("godwit "), f"not a command: {command}\n{self.result}"
            done = self.project.run(*shlex.split(command)[1:], code=code)
        return done if steps else self.project.run(*then, code=code)

    def _check_named_file(self):
        named = re.match(r"edit (\S+?)(?:,|$)", self.next)
        if named:
            assert (self.project.folder / named[1]).exists(), f"{named[1]} is not there"


class Golden:
    """`golden(project, "up", code=2)` runs, compares, and checks that nobody is misled."""

    def __init__(self, name, database):
        self.name = name
        self.database = database
        self.count = 0

    def _path(self):
        self.count += 1
        number = "" if self.count == 1 else f".{self.count}"
        return FOLDER / f"{self.name}{number}.txt"

    def check(self, result, project):
        """Compare a result with the committed file."""
        path, text = self._path(), normalise(str(result), project, self.database)
        if os.environ.get("GODWIT_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.is_file(), f"{path} is not there: GODWIT_GOLDEN=1 writes it\n{text}"
        assert text == path.read_text(), f"{path.name} differs"

    def _seen(self):
        """All that a refused command must leave as it was."""
        if self.database is None:
            return None
        if self.database.kind == "sqlite" and not self.database.path.exists():
            return "", {}
        try:
            return self.database.dump_schema(), self.database.dump_data()
        except Exception as error:  # a server that is down, a file that is no database
            return type(error)

    def __call__(self, project, *args, code, env=None):
        before = self._seen()
        result = project.run(*args, code=code, env=env)
        refusal = Refusal(project, result)
        self.check(result, project)
        assert refusal.code, f"no error code\n{result}"
        assert int(refusal.code[2:]) // 100 == code or refusal.code == "GW7000", str(result)
        assert refusal.next, f"no next:\n{result}"
        command = next(word for word in args if not word.startswith("-"))
        if command in WRITERS and refusal.code != "GW0201":
            assert refusal.state, f"no state:\n{result}"
            if "nothing was changed" in refusal.state:
                assert self._seen() == before, f"something was changed\n{result}"
        return refusal
