"""Private database servers for tests: each in a folder of its own, on free ports, no root needed."""

from servers.mariadb import MariaDB
from servers.pgbouncer import PgBouncer
from servers.postgres import Postgres

__all__ = ["MariaDB", "PgBouncer", "Postgres"]
