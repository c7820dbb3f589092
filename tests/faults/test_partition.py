"""The network between a run and its server is gone, and comes back: nothing is answered meanwhile,
and nobody is told. Another run, which reaches the server, does the work once its lease has ended.
"""

import subprocess
import time

import pytest

from faults.effects import effects, hold_effects, wait_for
from faults.proxy import Gate

KINDS = ["postgres", "mariadb"]
LEASE = {"GODWIT_LEASE": "2s"}
SLEEP = {"postgres": "SELECT pg_sleep(1);", "mariadb": "DO SLEEP(1);"}


def through(database, proxy):
    return database.url.replace(f":{database.server.port}/", f":{proxy.port}/")


def write_migrations(project, kind):
    project.migration("1_a", "-- migrate:up\nINSERT INTO effects VALUES ('a');\n"
                      "-- migrate:down\nDELETE FROM effects;\n")
    project.migration("2_b", f"-- migrate:up\nINSERT INTO effects VALUES ('b');\n{SLEEP[kind]}\n"
                      "CREATE TABLE made (id int);\nINSERT INTO effects VALUES ('c');\n"
                      "-- migrate:down\nDROP TABLE made;\n")
    project.migration("3_d", "-- migrate:up\nINSERT INTO effects VALUES ('d');\n"
                      "-- migrate:down\nSELECT 1;\n")


def logged(project):
    return project.run("log", "--json", code=0).json()["events"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_behind_a_dead_network_writes_nothing_when_it_is_back(kind, make_database,
                                                                    make_project):
    database = make_database(kind)
    project = make_project(database)
    hold_effects(database)
    write_migrations(project, kind)
    with Gate(database.server.port) as gate:
        cut_off = project.start("up", "--url", through(database, gate), env=LEASE,
                                stdout=subprocess.DEVNULL)
        wait_for(lambda: "a" in effects(database), 20, "the first migration")
        gate.shut()
        began = time.monotonic()
        project.run("up", "--wait-lock", "60s", code=0)
        taken = time.monotonic() - began
        assert effects(database) == ["a", "b", "c", "d"]
        before = logged(project)
        ended_alone = cut_off.poll() is not None
        gate.open()
        _, talk = cut_off.communicate(timeout=60)
    assert cut_off.returncode in (5, 8), talk.decode()
    assert effects(database) == ["a", "b", "c", "d"]
    assert logged(project) == before
    project.run("log", "--check", code=0)
    print(f"{kind}: taken over after {taken:.1f} s with a lease of 2 s; the one that was cut off "
          f"{'had ended by itself' if ended_alone else 'ended when the network was back'} "
          f"with {cut_off.returncode}")
