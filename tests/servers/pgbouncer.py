"""PgBouncer in transaction mode before a PostgreSQL, with fewer server connections than clients."""

import subprocess

from servers.postgres import PASSWORD
from servers.server import Server, ServerError

CONFIG = """\
[databases]
* = host=127.0.0.1 port={upstream}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir = {run}
auth_type = scram-sha-256
auth_file = {folder}/users
admin_users = postgres
stats_users = godwit
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 100
server_idle_timeout = 600
"""


class PgBouncer(Server):
    name = "pgbouncer"
    users = ("postgres",)

    def __init__(self, folder, postgres, pool_size=3, linger=False, known=None):
        super().__init__(folder, linger=linger, known=known)
        self.postgres = postgres
        self.pool_size = pool_size

    def url(self, database="postgres", user="godwit"):
        return f"postgres://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def admin(self, command):
        """Ask the admin console, as in admin("SHOW POOLS"): a list of dicts."""
        lines = self.run_as_user(
            self.postgres.bin / "psql", "-XqA", "-F", "\t", "-P", "footer=off",
            self.url("pgbouncer", "postgres"), "-c", command).splitlines()
        names = lines[0].split("\t") if lines else []
        return [dict(zip(names, line.split("\t"))) for line in lines[1:]]

    def create(self):
        users = "".join(f'"{name}" "{PASSWORD}"\n' for name in ("postgres", "godwit"))
        self.write("users", users)
        self.write("pgbouncer.ini", CONFIG.format(
            upstream=self.postgres.port, port=self.port, run=self.run, folder=self.folder,
            pool_size=self.pool_size))

    def command(self):
        return ["/usr/sbin/pgbouncer", self.folder / "pgbouncer.ini"]

    def is_ready(self):
        try:
            self.admin("SHOW VERSION")
            return True
        except (ServerError, subprocess.TimeoutExpired):
            return False
