#!/usr/bin/python3
"""fingerprint.py DATABASE…: rows and a digest of each table of SQLite files, but the ledger's.

It asks SQLite and knows nothing of godwit.
"""

import hashlib
import sqlite3
import sys

TABLES = ("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'godwit%'"
          " AND name NOT LIKE 'sqlite%' ORDER BY name")
PARTS = "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type <> 'table' ORDER BY name"


def fingerprint(database, table, definition):
    """How many rows there are, and SHA-256 over definitions and rows."""
    parts = database.execute(PARTS, [table]).fetchall()
    digest = hashlib.sha256(repr((definition, parts)).encode())
    count = 0
    for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
        digest.update(repr(row).encode())
        count += 1
    return count, digest.hexdigest()[:16]


for path in sys.argv[1:]:
    connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
    for name, sql in connection.execute(TABLES).fetchall():
        rows, sha256 = fingerprint(connection, name, sql)
        print(f"{path:14}  {name:16}  {rows:6} rows  {sha256}")
