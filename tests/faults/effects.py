"""The table that migrations of a test write to and that belongs to none of them."""

import time


def hold_effects(database):
    kind = {"mariadb": "varchar(50)"}.get(database.kind, "text")
    database.sql(f"CREATE TABLE effects (what {kind} NOT NULL);")


def effects(database):
    return sorted(what for what, in database.sql("SELECT what FROM effects"))


def wait_for(is_true, seconds, what):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)
