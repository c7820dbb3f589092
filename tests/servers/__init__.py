"""Private database servers for tests: a folder and a free port for each, no root needed."""

from servers.mariadb import MariaDB
from servers.pgbouncer import PgBouncer
from servers.postgres import Postgres

__all__ = ["MariaDB", "PgBouncer", "Postgres"]
