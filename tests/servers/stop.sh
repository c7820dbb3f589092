#!/bin/sh
# End the servers that start.sh started under DIR, and delete their data.
PYTHONPATH=$(dirname "$0")/.. exec /usr/bin/python3 -m servers stop "$@"
