"""A project and a database that can be made anew quickly, and what is true of it after a fault.

Everything is seen from outside: schemas and rows by the database's own dump program, how often a
statement ran by the table `effects`, which belongs to no migration.
"""

import collections
import difflib
import itertools
import re
import shutil
import sqlite3

from faults import nasty
from faults.console import mariadb_console, postgres_console
from harness import thirty
from harness.database import client
from servers.mariadb import PASSWORD

LEASE = "5s"  # of runs that are going to die: nobody waits long for what they leave behind
DEAD = -9
# What a transaction that was rolled back takes from a sequence is gone, in any database.
SEQUENCES = re.compile(r"setval\(.*|^DO SETVAL.*|^SELECT SETVAL.*", re.IGNORECASE | re.MULTILINE)


def sort_rows(dump):
    """A dump with the rows of each table sorted: where they lie says nothing."""
    lines, rows = [], []
    in_copy = False
    for line in dump.splitlines():
        is_row = line.startswith("INSERT INTO") or (in_copy and line != "\\.")
        if not is_row:
            lines += sorted(rows) + [line]
            rows = []
            in_copy = line.startswith("COPY ")
        else:
            rows.append(line)
    return "\n".join(lines + sorted(rows))


def tidy(dump):
    dump = re.sub(r"^(--|\\(un)?restrict).*\n", "", dump, flags=re.MULTILINE)
    return sort_rows(SEQUENCES.sub("", re.sub(r" AUTO_INCREMENT=\d+", "", dump)))


class Postgres:
    """How a PostgreSQL database is copied and looked at."""

    ledger = "godwit"
    ROWS = re.compile(r"^COPY public\.effects .*\n((?:.*\n)*?)\\\.\n", re.MULTILINE)

    def __init__(self, database):
        self.database = database
        self.server = database.server
        self.console = postgres_console(self.server)

    def keep(self, name):
        """Remember the database as it is now, as `name`."""
        self._copy(self.database.name, f"{self.database.name}_{name}")

    def fresh(self, name):
        """Make the database what it was at keep(name)."""
        self._copy(f"{self.database.name}_{name}", self.database.name)

    def _copy(self, source, target):
        self.console.ask(
            "\\c postgres\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{source}' AND pid <> pg_backend_pid();\n"
            f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE);\n'
            f'CREATE DATABASE "{target}" TEMPLATE "{source}" OWNER godwit'
            ' STRATEGY FILE_COPY;')

    def forget(self, name):
        self.server.drop_database(f"{self.database.name}_{name}")

    def _dump(self, *options):
        return client(self.server.bin / "pg_dump", *options, *self.database._where())

    def look(self):
        dump = self._dump(f"--exclude-schema={self.ledger}")
        rows = self.ROWS.search(dump)
        effects = [tuple(line.split("\t")) for line in rows[1].splitlines()]
        return tidy(dump.replace(rows[0], "")), effects

    def dump_all(self):
        return tidy(self._dump())

    def effects(self):
        """Asked for in another way than look(): quickly, and also beside a run that works."""
        lines = self.console.ask(f"\\c {self.database.name}\nSELECT * FROM effects;\n"
                                 "\\c postgres")
        return [tuple(line.split("\t")) for line in lines]


class MariaDB:
    ROW = re.compile(r"^INSERT INTO `effects` .* VALUES \((.*)\);\n", re.MULTILINE)

    def __init__(self, database):
        self.database = database
        self.server = database.server
        self.console = mariadb_console(self.server)
        self.kept = {}

    def _dump(self, *options):
        return client("mariadb-dump", "--no-defaults", f"--socket={self.server.socket}",
                      "--user=root", f"--password={PASSWORD}", "--routines", "--triggers",
                      "--events", "--skip-add-locks", "--skip-comments", "--skip-dump-date",
                      *options, self.database.name)

    def keep(self, name):
        self.kept[name] = self._dump()

    def fresh(self, name):
        own = self.database.name
        self.console.ask(f"DROP DATABASE IF EXISTS `{own}`; CREATE DATABASE `{own}`;"
                         f" USE `{own}`;\n{self.kept[name]}")

    def forget(self, name):
        del self.kept[name]

    def look(self):
        tables = self.console.ask(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'godwit%'"
            f" AND table_schema = '{self.database.name}';")
        without = [f"--ignore-table={self.database.name}.{name}" for name in tables]
        dump = self._dump("--skip-extended-insert", "--complete-insert", *without)
        effects = [tuple(re.findall(r"'([^']*)'", row)) for row in self.ROW.findall(dump)]
        # A number from a sequence, whose cache does not survive its server, and rolls back never.
        dump = re.sub(r"(INSERT INTO `archive` .*VALUES) \(\d+,", r"\1 (n,", dump)
        return tidy(self.ROW.sub("", dump)), effects

    def dump_all(self):
        return tidy(self._dump("--skip-extended-insert", "--complete-insert"))

    def effects(self):
        lines = self.console.ask(f"SELECT * FROM `{self.database.name}`.effects;")
        return [tuple(line.split("\t")) for line in lines]


class SQLite:
    def __init__(self, database):
        self.database = database
        self.path = database.path

    def _kept(self, name):
        return self.path.with_name(f"kept-{name}-{self.path.name}")

    def keep(self, name):
        shutil.copy(self.path, self._kept(name))

    def fresh(self, name):
        self.database.drop()
        shutil.copy(self._kept(name), self.path)

    def forget(self, name):
        self._kept(name).unlink()

    def _read(self, path, *queries):
        connection = sqlite3.connect(path)
        try:
            return [connection.execute(query).fetchall() for query in queries]
        finally:
            connection.close()

    def _dump(self, schema, *without):
        objects, integrity = self._read(self.path, schema, "PRAGMA integrity_check")
        names = [name for kind, name, _, _ in objects if kind == "table" and name not in without]
        rows = self._read(self.path, *(f'SELECT * FROM "{name}"' for name in names))
        tables = {name: sorted(table, key=str) for name, table in zip(names, rows)}
        return "\n".join(map(str, [*integrity, *objects, *tables.items()]))

    def look(self):
        dump = self._dump("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                          " WHERE tbl_name NOT LIKE 'godwit%' ORDER BY type, name",
                          "effects", "sqlite_sequence")
        return dump, self.effects()

    def dump_all(self):
        return self._dump("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                          " ORDER BY type, name")

    def effects(self):
        """Read from a copy: opening the file itself would recover it, which is godwit's work."""
        copies = self.path.parent / f"look-{self.path.name}"
        copies.mkdir(exist_ok=True)
        for ending in ("", "-journal", "-wal"):
            source = self.path.with_name(self.path.name + ending)
            copy = copies / source.name
            copy.unlink(missing_ok=True)
            if source.exists():
                shutil.copy(source, copy)
        [rows] = self._read(copies / self.path.name, "SELECT * FROM effects")
        return rows


SEEN = {"sqlite": SQLite, "postgres": Postgres, "mariadb": MariaDB}


class Scene:
    """One project on one database; `story` is "thirty", "nasty", or "plain": what of the nasty one
    can be one transaction."""

    def __init__(self, story, database, project, title=None):
        self.kind = database.kind
        self.title = title or self.kind
        self.database = database
        self.project = project
        self.seen = SEEN[self.kind](database)
        self.allow_triggers()
        if story == "thirty":
            database.sql(thirty.EFFECTS[self.kind])
            thirty.write(project, self.kind)
        else:
            database.sql(nasty.EFFECTS[self.kind])
            for name, text in nasty.PROJECTS[self.kind].items():
                if story == "nasty" or "transaction:false" not in text:
                    project.migration(name, text)
        self.seen.keep("empty")
        self.first = None  # what an undisturbed run starts from
        self.command = None
        self.wanted = None  # … and ends in: rows and schema, effects, states
        self.points = 0
        self.checks = 0

    def allow_triggers(self):
        """Let MariaDB's users without SUPER make triggers; forgotten by a server that restarts."""
        if self.kind == "mariadb":
            self.database.server.sql("SET GLOBAL log_bin_trust_function_creators = 1")

    def rehearse(self, *command):
        """Run a command undisturbed from what is there now; later runs are held against it."""
        self.command = command
        self.first = command[0]
        self.seen.keep(self.first)
        self.before = self.effects()
        count = self.project.folder / "points"
        self.project.run(*command, env={"GODWIT_FAULT": f"count:{count}"}, code=0)
        self.points = int(count.read_text())
        self.wanted = *self.look(), self.states()

    def fresh(self):
        """What the rehearsed run started from."""
        self.seen.fresh(self.first)

    @staticmethod
    def _count(rows):
        return collections.Counter(row[-2:] for row in rows)

    def look(self):
        """Schema and rows of all but godwit's own tables, and how often each effect is there."""
        dump, effects = self.seen.look()
        return dump, self._count(effects)

    def effects(self):
        return self._count(self.seen.effects())

    def dump_all(self):
        """Everything, godwit's own tables too."""
        return self.seen.dump_all()

    def states(self):
        """What godwit says of each migration."""
        status = self.project.run("status", "--json", code=0).json()
        return {each["version"]: each["state"] for each in status["migrations"]}

    def progress(self):
        """The share of the run's effects that are there, from 0 to 1."""
        now = self.effects() - self.before
        return now.total() / (self.wanted[1] - self.before).total()

    def resume(self, wait="60s", code=0, timeout=90, env=None):
        """The next run, as a user types it; waits for what a dead one left in the server."""
        return self.project.run(*self.command, "--wait-lock", wait, code=code, timeout=timeout,
                                env=env)

    def check(self, what):
        """Everything is as if nothing had happened. What godwit itself says is asked for in every
        fourth check."""
        dump, effects, states = self.wanted
        now, now_effects = self.look()
        assert now_effects == effects, (
            f"{what}: twice {now_effects - effects}, never {effects - now_effects}")
        assert now == dump, f"{what}: {difference(now, dump)}"
        self.checks += 1
        if self.checks % 4 == 1:
            assert self.states() == states, f"{what}: {self.states()}"
            self.project.run("log", "--check", code=0)


def difference(left, right):
    lines = difflib.unified_diff(right.splitlines(), left.splitlines(), "wanted", "found",
                                 lineterm="", n=1)
    return "\n".join(itertools.islice(lines, 40))


def spread(points, count):
    """About `count` of the numbers from 1 to `points`, evenly; all when count is 0."""
    if count == 0 or points <= count:
        return list(range(1, points + 1))
    return sorted({1 + round(i * (points - 1) / (count - 1)) for i in range(count)})
