"""Who takes part: godwit, the database's own client, dbmate, knex, alembic."""

import re
import shutil

from bench import migrations as forms
from bench.measure import Command
from servers.mariadb import PASSWORD

CLIENTS = {"sqlite": "sqlite3", "postgres": "psql", "mariadb": "mariadb"}

ALEMBIC_INI = """\
[alembic]
script_location = .
sqlalchemy.url = {url}
"""

ALEMBIC_ENV = """\
from alembic import context
from sqlalchemy import create_engine, pool

url = context.config.get_main_option("sqlalchemy.url")
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""

KNEX_FILE = """\
module.exports = {{
  client: '{client}',
  connection: {connection},
  useNullAsDefault: true,
  migrations: {{directory: './migrations'}},
}};
"""


class Contender:
    """Somebody who applies and undoes migrations; `prepare` is called before anything else."""

    name = ""

    def __init__(self, kind):
        self.kind = kind
        self.database = None
        self.folder = None

    def prepare(self, folder, database, migrations):
        """Write what the tool reads into `folder`, for an empty `database`."""
        folder.mkdir(parents=True)
        self.folder = folder
        self.database = database
        self.write(migrations)

    def write(self, migrations):
        raise NotImplementedError

    def up(self):
        raise NotImplementedError

    def down(self):
        raise NotImplementedError

    def command(self, *argv, **more):
        return Command(list(argv), self.folder, **more)


class Godwit(Contender):
    name = "godwit"

    def __init__(self, kind, program):
        super().__init__(kind)
        self.program = program

    def write(self, migrations):
        forms.write_sections(self.folder / "migrations", migrations)
        (self.folder / "godwit.yaml").write_text(
            f"project: bench\ntargets: {{dev: {{url: '{self.database.url}'}}}}\n")

    def do(self, *words):
        return self.command(self.program, *words)

    def up(self):
        return self.do("up", "--quiet")

    def down(self):
        return self.do("down", "--to", "0", "--yes", "--quiet")


class GodwitAtomic(Godwit):
    name = "godwit --atomic"

    def up(self):
        return self.do("up", "--atomic", "--quiet")


class Client(Contender):
    """psql, mariadb or sqlite3 with one script: the floor."""

    options = ()

    def __init__(self, kind):
        super().__init__(kind)
        self.name = CLIENTS[kind.kind]

    def write(self, migrations):
        for direction in ("up", "down"):
            forms.write_script(self.folder / f"{direction}.sql", migrations, direction)

    def feed(self, direction):
        script = self.folder / f"{direction}.sql"
        where = self.database
        if self.kind.kind == "sqlite":
            return self.command("/usr/bin/sqlite3", "-batch", "-bail", *self.options, where.path,
                                stdin=script)
        if self.kind.kind == "postgres":
            return self.command(self.kind.server.bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
                                "-f", script, where.url)
        return self.command("/usr/bin/mariadb", "--no-defaults", "--batch", "--host=127.0.0.1",
                            f"--port={self.kind.server.port}", "--user=godwit",
                            f"--password={PASSWORD}", where.name, stdin=script)

    def up(self):
        return self.feed("up")

    def down(self):
        return self.feed("down")


class KeepingClient(Client):
    """sqlite3 with one journal file for all transactions, as godwit has it while it runs."""

    options = ("-cmd", "PRAGMA journal_mode = persist")

    def __init__(self, kind):
        super().__init__(kind)
        self.name += ", journal kept"


class Dbmate(Contender):
    """Undoes one migration for each call."""

    name = "dbmate"
    DOWNS = 10

    def __init__(self, kind, peers):
        super().__init__(kind)
        self.program = peers.node("dbmate")
        self.count = 0

    def write(self, migrations):
        forms.write_sections(self.folder / "migrations", migrations)
        self.count = len(migrations)

    def url(self):
        if self.kind.kind == "sqlite":
            return f"sqlite:{self.database.path}?_synchronous=FULL"  # it takes NORMAL by itself
        if self.kind.kind == "postgres":
            return f"{self.database.url}?sslmode=disable"
        return re.sub("^mariadb:", "mysql:", self.database.url)

    def do(self, *words, **more):
        return self.command(self.program, "--no-dump-schema", "--migrations-dir", "migrations",
                            *words, env={"DATABASE_URL": self.url()}, **more)

    def up(self):
        return self.do("migrate")

    def down(self):
        return self.do("rollback", times=self.count)


class Knex(Contender):
    name = "knex"

    def __init__(self, kind, peers):
        super().__init__(kind)
        self.peers = peers

    def write(self, migrations):
        forms.write_knex(self.folder / "migrations", migrations)
        (self.folder / "node_modules").symlink_to(self.peers.folder / "node_modules")
        client = {"sqlite": "better-sqlite3", "postgres": "pg", "mariadb": "mysql2"}
        where = {"sqlite": lambda: f"{{filename: '{self.database.path}'}}",
                 "postgres": lambda: f"'{self.database.url}'",
                 "mariadb": lambda: "'" + re.sub("^mariadb:", "mysql:", self.database.url) + "'"}
        (self.folder / "knexfile.js").write_text(KNEX_FILE.format(
            client=client[self.kind.kind], connection=where[self.kind.kind]()))

    def do(self, *words):
        return self.command(shutil.which("node"), self.peers.node("knex").resolve(), *words)

    def up(self):
        return self.do("migrate:latest")

    def down(self):
        return self.do("migrate:rollback", "--all")


class Alembic(Contender):
    name = "alembic"

    def write(self, migrations):
        forms.write_alembic(self.folder / "versions", migrations)
        (self.folder / "alembic.ini").write_text(ALEMBIC_INI.format(url=self.url()))
        (self.folder / "env.py").write_text(ALEMBIC_ENV)
        (self.folder / "script.py.mako").write_text("")

    def url(self):
        if self.kind.kind == "sqlite":
            return f"sqlite:///{self.database.path}"
        scheme = {"postgres": "postgresql+psycopg2", "mariadb": "mariadb+pymysql"}
        return re.sub("^[a-z]+", scheme[self.kind.kind], self.database.url)

    def do(self, *words):
        return self.command("/usr/bin/python3", "-m", "alembic.config", *words,
                            env={"PYTHONDONTWRITEBYTECODE": ""})

    def up(self):
        return self.do("upgrade", "head")

    def down(self):
        return self.do("downgrade", "base")


def make_contenders(program, kind, peers):
    """All that take part on this kind of database, godwit and the floor first."""
    found = [Godwit(kind, program), Client(kind)]
    if kind.kind == "sqlite":
        found.append(KeepingClient(kind))
    if peers.has("dbmate"):
        found.append(Dbmate(kind, peers))
    if peers.has("knex"):
        found.append(Knex(kind, peers))
    if peers.has("alembic"):
        found.append(Alembic(kind))
    return found
