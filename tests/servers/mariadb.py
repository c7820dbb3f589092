"""MariaDB with the binary log on: `root`, and `godwit`, who has all rights on gw_… but no SUPER."""

from servers.server import Server, ServerError

PASSWORD = "bar-tailed"

SETTINGS = {
    "bind-address": "127.0.0.1",
    "skip-name-resolve": 1,
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_general_ci",
    "default-time-zone": "+00:00",
    "log-bin": "binlog",
    "binlog-format": "ROW",
    "server-id": 1,
    "expire-logs-days": 1,
    "innodb-buffer-pool-size": "128M",
    "local-infile": 1,
}
DURABLE = {"innodb-flush-log-at-trx-commit": 1, "sync-binlog": 1}
# Survives a killed server, not a killed machine.
UNSAFE = {"innodb-flush-log-at-trx-commit": 2, "sync-binlog": 0, "innodb-flush-method": "nosync",
          "innodb-doublewrite": 0}

GRANTS = f"""\
SET sql_log_bin = 0;
ALTER USER root@localhost IDENTIFIED BY '{PASSWORD}';
CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
CREATE USER godwit@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON `godwit`.* TO godwit@'%';
GRANT ALL ON `godwit\\_%`.* TO godwit@'%';
GRANT ALL ON `gw\\_%`.* TO godwit@'%';
CREATE DATABASE godwit;
"""


class MariaDB(Server):
    name = "mariadb"
    users = ("mysql",)

    @property
    def socket(self):
        return self.run / "mysqld.sock"

    def url(self, database="godwit", user="godwit"):
        return f"mariadb://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def sql(self, sql, database="", password=PASSWORD):
        """Run SQL as root through the socket; rows as the client prints them, tab-separated."""
        return self.run_as_user("/usr/bin/mariadb", "--no-defaults", f"--socket={self.socket}",
                                "-uroot", f"-p{password}" if password else "--skip-password",
                                "-BN", database, stdin=sql)

    @property
    def temporary(self):
        """Of its own: a server that starts deletes the temporary tables of all who share one."""
        return self.folder / "tmp"

    def create(self):
        self.temporary.mkdir(exist_ok=True)
        self._give(self.temporary)
        self.run_as_user("/usr/bin/mariadb-install-db", "--no-defaults",
                         f"--datadir={self.data}", f"--tmpdir={self.temporary}",
                         "--auth-root-authentication-method=normal", "--skip-test-db",
                         "--skip-name-resolve")

    def command(self):
        settings = dict(SETTINGS, port=self.port, socket=self.socket, datadir=self.data,
                        tmpdir=self.temporary)
        settings["pid-file"] = self.run / "pid"
        settings.update(DURABLE if self.durable else UNSAFE)
        options = [f"--{key}={value}" for key, value in settings.items()]
        return ["/usr/sbin/mariadbd", "--no-defaults", *options]

    def is_ready(self):
        try:
            self.run_as_user("/usr/bin/mariadb-admin", "--no-defaults",
                             f"--socket={self.socket}", "-uroot", "ping")
            return True  # also when the password is refused: it answers
        except ServerError:
            return False

    def prepare(self):
        self.sql(GRANTS, password=None)

    def create_database(self, name):
        """A new, empty database on which `godwit` has all rights; its name begins with gw_."""
        self.sql(f"CREATE DATABASE `{name}`")

    def drop_database(self, name):
        self.sql(f"DROP DATABASE IF EXISTS `{name}`")
