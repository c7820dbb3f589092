"""A test's own empty database, looked at with the database's own client and never with godwit."""

import csv
import io
import os
import pathlib
import re
import subprocess

from servers.mariadb import PASSWORD

CLIENT_SECONDS = 60
NULL = "\N{SYMBOL FOR NULL}"


class ClientError(Exception):
    """What the client said when it failed."""


def client(*command, stdin="", env=None):
    """Run a client program; its standard output."""
    done = subprocess.run([str(part) for part in command], input=stdin.encode(), check=False,
                          capture_output=True, timeout=CLIENT_SECONDS,
                          env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(env or {})})
    if done.returncode != 0:
        raise ClientError(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode(errors="surrogateescape")


def read_csv(text):
    rows = csv.reader(io.StringIO(text, newline=""))
    return [tuple(None if cell == NULL else cell for cell in row) for row in rows]


def tidy(dump):
    """A dump without comments, blank lines and session settings."""
    noise = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict.*|\s*)$")
    return "".join(line + "\n" for line in dump.splitlines() if not noise.match(line))


class Database:
    """One database. Rows are tuples of text, with None for NULL."""

    kind = ""

    def __init__(self, url):
        self.url = url

    def sql(self, sql):
        """Run statements, as many as there are; the rows they return."""
        raise NotImplementedError

    def value(self, sql):
        """The first value of the first row."""
        return self.sql(sql)[0][0]

    def tables(self, ledger=False):
        """The names of all tables, sorted; godwit's own only on demand."""
        raise NotImplementedError

    def dump_schema(self, ledger=False):
        """The schema as the database's own dump program writes it, without comments."""
        raise NotImplementedError

    def dump_data(self, ledger=False):
        """The rows of every table, sorted: {table: rows}."""
        return {name: sorted(self.sql(f"SELECT * FROM {self.quote(name)}"), key=str)
                for name in self.tables(ledger)}

    def quote(self, name):
        return '"' + name.replace('"', '""') + '"'

    def drop(self):
        """Delete the database."""

    def empty(self):
        """Delete it and make it again."""
        self.drop()


class SqliteDatabase(Database):
    kind = "sqlite"

    def __init__(self, path):
        super().__init__(f"sqlite:{path}")
        self.path = pathlib.Path(path)

    def sql(self, sql):
        return read_csv(client("sqlite3", "-batch", "-bail", "-csv", "-init", "/dev/null",
                               "-nullvalue", NULL, "-cmd", ".timeout 5000", self.path, stdin=sql))

    def tables(self, ledger=False):
        rows = self.sql("SELECT name FROM sqlite_schema WHERE type = 'table'"
                        " AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return [name for name, in rows if ledger or not name.startswith("godwit")]

    def dump_schema(self, ledger=False):
        rows = self.sql("SELECT tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
                        " ORDER BY type, name")
        return "".join(f"{sql.rstrip()};\n" for table, sql in rows
                       if ledger or not table.startswith("godwit"))

    def drop(self):
        for path in self.path.parent.glob(self.path.name + "*"):
            path.unlink()


class PostgresDatabase(Database):
    kind = "postgres"

    def __init__(self, server, name, user="godwit"):
        super().__init__(server.url(name, user))
        self.server = server
        self.name = name
        self.user = user

    def _where(self, user=None):
        return ["-h", self.server.run, "-p", self.server.port, "-U", user or self.user, self.name]

    def sql(self, sql, user=None):
        return read_csv(client(self.server.bin / "psql", "-Xqt", "--csv", "-v", "ON_ERROR_STOP=1",
                               "-P", f"null={NULL}", *self._where(user), stdin=sql,
                               env={"PGOPTIONS": "-c client_min_messages=warning"}))

    def tables(self, ledger=False):
        rows = self.sql("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN"
                        " ('pg_catalog', 'information_schema') ORDER BY 1, 2")
        return [table if schema == "public" else f"{schema}.{table}"
                for schema, table in rows if ledger or schema != "godwit"]

    def quote(self, name):
        return ".".join(super(PostgresDatabase, self).quote(part) for part in name.split("."))

    def dump_schema(self, ledger=False):
        without = [] if ledger else ["--exclude-schema=godwit"]
        return tidy(client(self.server.bin / "pg_dump", "-s", *without, *self._where()))

    def drop(self):
        self.server.drop_database(self.name)

    def empty(self):
        self.drop()
        self.server.create_database(self.name)


class MariadbDatabase(Database):
    kind = "mariadb"

    def __init__(self, server, name, user="godwit"):
        super().__init__(server.url(name, user))
        self.server = server
        self.name = name
        self.user = user

    def _login(self, user):
        return ["--no-defaults", f"--socket={self.server.socket}", f"--user={user}",
                f"--password={PASSWORD}", "--default-character-set=utf8mb4"]

    def sql(self, sql, user=None):
        text = client("mariadb", *self._login(user or self.user), "--batch", "--comments",
                      "--skip-column-names", self.name, stdin=sql)
        return [tuple(map(self._read_cell, line.split("\t"))) for line in text.split("\n")[:-1]]

    @staticmethod
    def _read_cell(cell):
        if cell == "NULL":
            return None
        escapes = {"n": "\n", "t": "\t", "0": "\0"}
        return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), cell)

    def quote(self, name):
        return "`" + name.replace("`", "``") + "`"

    def tables(self, ledger=False):
        rows = self.sql("SELECT table_name FROM information_schema.tables WHERE table_type ="
                        " 'BASE TABLE' AND table_schema = DATABASE() ORDER BY table_name")
        return [name for name, in rows if ledger or not name.startswith("godwit")]

    def dump_schema(self, ledger=False):
        own = set(self.tables(ledger=True)) - set(self.tables())
        without = [] if ledger else [f"--ignore-table={self.name}.{name}" for name in sorted(own)]
        dump = client("mariadb-dump", *self._login("root"), "--no-data", "--routines", "--triggers",
                      "--events", "--skip-comments", "--skip-dump-date", *without, self.name)
        return re.sub(r" AUTO_INCREMENT=\d+", "", tidy(dump))

    def drop(self):
        self.server.drop_database(self.name)

    def empty(self):
        self.drop()
        self.server.create_database(self.name)
