#!/bin/sh
# Start PostgreSQL, MariaDB and PgBouncer (or those named) under DIR, print URLs as exports:
#     eval "$(tests/servers/start.sh /tmp/servers)"   … work …   tests/servers/stop.sh /tmp/servers
# With --fast they do not write through to the disk.
PYTHONPATH=$(dirname "$0")/.. exec /usr/bin/python3 -m servers start "$@"
