"""PostgreSQL: superuser `postgres`, and the ordinary role `godwit`, which may make databases."""

import pathlib
import signal

from servers.server import Server, ServerError

PASSWORD = "bar-tailed"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": 100,
    "wal_level": "logical",
    "max_prepared_transactions": 10,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %u@%d %a ",
    "log_lock_waits": "on",
}

# Survives a killed server, not a killed machine (synchronous_commit=off would lose commits).
UNSAFE = {"fsync": "off", "full_page_writes": "off"}

HBA = """\
local all all trust
host  all all 127.0.0.1/32 scram-sha-256
local replication all trust
host  replication all 127.0.0.1/32 scram-sha-256
"""


def newest_bin():
    """The folder with `initdb` of the newest PostgreSQL installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: float(path.parts[-3]))
    if not found:
        raise ServerError("no PostgreSQL server under /usr/lib/postgresql")
    return found[-1].parent


class Postgres(Server):
    name = "postgres"
    users = ("postgres",)
    stop_signal = signal.SIGINT  # fast: does not wait for clients
    orphan_signal = signal.SIGQUIT  # immediate, children included

    def __init__(self, folder, durable=True, linger=False, known=None):
        super().__init__(folder, durable, linger, known)
        self.bin = newest_bin()

    def url(self, database="postgres", user="godwit"):
        return f"postgres://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def psql(self, sql, database="postgres", user="postgres"):
        """Run SQL through the socket; rows as psql prints them unaligned."""
        return self.run_as_user(self.bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
                                "-h", self.run, "-p", self.port, "-U", user, database, stdin=sql)

    def create(self):
        self.run_as_user(self.bin / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8",
                         "--locale=C.UTF-8", "--auth=trust", "--no-instructions",
                         *([] if self.durable else ["--no-sync"]))
        (self.data / "pg_hba.conf").write_text(HBA)

    def command(self):
        settings = dict(SETTINGS, port=self.port, unix_socket_directories=self.run)
        if not self.durable:
            settings.update(UNSAFE)
        options = [f"--{key}={value}" for key, value in settings.items()]
        return [self.bin / "postgres", "-D", self.data, *options]

    def is_ready(self):
        try:
            self.run_as_user(self.bin / "pg_isready", "-q", "-h", self.run, "-p", self.port)
            return True
        except ServerError:
            return False

    def prepare(self):
        self.psql(f"ALTER ROLE postgres PASSWORD '{PASSWORD}';"
                  f"CREATE ROLE godwit LOGIN CREATEDB PASSWORD '{PASSWORD}';"
                  "CREATE DATABASE godwit OWNER godwit;")

    def kill(self):
        super().kill()
        # Where nobody reaps the dead, PostgreSQL would take the zombie for a running postmaster.
        for lock in (self.data / "postmaster.pid", *self.run.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def create_database(self, name):
        """A new, empty database that belongs to `godwit`."""
        self.psql(f'CREATE DATABASE "{name}" OWNER godwit TEMPLATE template0')

    def drop_database(self, name):
        """Drop it, ending whoever is connected."""
        self.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
