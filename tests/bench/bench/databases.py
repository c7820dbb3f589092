"""The three databases, each with an empty one for every contender."""

import contextlib
import re

from harness.database import MariadbDatabase, PostgresDatabase, SqliteDatabase
from servers import MariaDB, Postgres
from servers.mariadb import PASSWORD

# The modes of SQLite's rollback journal differ in what becomes of the file after a commit; what is
# synced before it is the same (https://sqlite.org/atomiccommit.html, 3.9 and 3.11).
DURABILITY = {
    "sqlite": "SELECT 'journal=' || (SELECT CASE WHEN journal_mode IN ('delete', 'truncate',"
              " 'persist') THEN 'rollback' ELSE journal_mode END FROM pragma_journal_mode) ||"
              " ' synchronous=' || (SELECT synchronous FROM pragma_synchronous)",
    "postgres": "SELECT 'fsync=' || current_setting('fsync') || ' synchronous_commit=' ||"
                " current_setting('synchronous_commit') || ' wal_sync_method=' ||"
                " current_setting('wal_sync_method')",
    "mariadb": "SELECT CONCAT('innodb_flush_log_at_trx_commit=',"
               " @@innodb_flush_log_at_trx_commit, ' sync_binlog=', @@sync_binlog)",
}


class Kind:
    """One kind of database."""

    def __init__(self, kind, work):
        self.kind = kind
        self.work = work / f"{kind}-files"
        self.work.mkdir()
        self.durability = DURABILITY[kind]
        self.made = {}

    def fresh(self, name):
        """An empty database for this contender, in the place of the one it had."""
        if name in self.made:
            self.made.pop(name).drop()
        self.made[name] = self.create(re.sub(r"\W", "_", f"gw_bench_{name}"))
        return self.made[name]

    def create(self, name):
        raise NotImplementedError

    def version(self):
        raise NotImplementedError


class Sqlite(Kind):
    def __init__(self, work):
        super().__init__("sqlite", work)

    def create(self, name):
        return SqliteDatabase(self.work / f"{name}.db")

    def version(self):
        return SqliteDatabase(":memory:").value("SELECT 'SQLite ' || sqlite_version()")


class Served(Kind):
    """A kind with a server, which runs as long as the bench."""

    def __init__(self, kind, work, server):
        super().__init__(kind, work)
        self.server = server

    def create(self, name):
        self.server.create_database(name)
        make = PostgresDatabase if self.kind == "postgres" else MariadbDatabase
        return make(self.server, name)

    def version(self):
        made = self.fresh("version")
        title = "PostgreSQL" if self.kind == "postgres" else "MariaDB"
        expression = ("current_setting('server_version')" if self.kind == "postgres"
                      else "VERSION()")
        return f"{title} {made.value(f'SELECT {expression}')}"

    @property
    def password(self):
        return PASSWORD


@contextlib.contextmanager
def open_databases(work, names):
    """Databases by name; the servers are gone afterwards."""
    with contextlib.ExitStack() as stack:
        found = {}
        for name in names:
            if name == "sqlite":
                found[name] = Sqlite(work)
                continue
            server = {"postgres": Postgres, "mariadb": MariaDB}[name](work, durable=True)
            stack.callback(server.remove)
            found[name] = Served(name, work, server.start())
        yield found
