"""Two runs never meet: eight at once, a holder that died, a holder that slept too long.

Also behind PgBouncer in transaction mode, with fewer server connections than there are runs.
"""

import json
import signal
import time

import pytest

from faults.effects import effects, hold_effects, wait_for
from harness import thirty

RUNS = 8
KINDS = ["sqlite", "postgres", "mariadb"]
SLEEP = {"postgres": "SELECT pg_sleep({});", "mariadb": "DO SLEEP({});"}
SHORT = {"GODWIT_LEASE": "2s"}
POOL_CONFIG = """\
project: test
ledger: house
targets:
  dev:
    url: '{url}'
"""


@pytest.fixture(params=[*KINDS, "pgbouncer"])
def ground(request, make_database, make_project):
    """(project, database): runs of the project reach the database as the parameter says."""
    kind = request.param
    database = make_database("postgres" if kind == "pgbouncer" else kind)
    project = make_project(database)
    if kind == "pgbouncer":
        project.pooler = request.getfixturevalue("pgbouncer")
        project.write("godwit.yaml", POOL_CONFIG.format(url=project.pooler.url(database.name)))
        request.addfinalizer(lambda: forget(project.pooler, database))
    else:
        project.pooler = None
    return project, database


def forget(pooler, database):
    """Let the pooler close its connections to a database that is about to go."""
    pooler.admin(f"KILL {database.name}")


def finish(process, seconds=60):
    """(exit status, standard error) of a run that was started."""
    _, talk = process.communicate(timeout=seconds)
    return process.returncode, talk.decode()


def show_pools(pooler):
    pools = pooler.admin("SHOW POOLS")
    for pool in pools:
        if pool["database"].startswith("gw_"):
            print("SHOW POOLS:", " ".join(f"{key}={value}" for key, value in pool.items()))
    return pools


# Eight at once

def start_eight(project, *options):
    runs = [project.start("up", *options) for _ in range(RUNS)]
    if project.pooler:
        time.sleep(0.3)
        pools = show_pools(project.pooler)
        busiest = max(int(pool["sv_active"]) + int(pool["sv_idle"]) + int(pool["sv_used"])
                      for pool in pools)
        assert busiest <= project.pooler.pool_size < RUNS
    return [finish(run) for run in runs]


def prepare_thirty(project, database):
    thirty.prepare(database)
    thirty.write(project, database.kind)


@pytest.mark.timeout(240)
def test_eight_runs_that_wait_apply_each_migration_once(ground):
    project, database = ground
    prepare_thirty(project, database)
    ended = start_eight(project, "--wait-lock", "100s")
    assert [code for code, _ in ended] == [0] * RUNS, ended
    assert sorted(thirty.effects(database)) == sorted(thirty.expected_effects("up"))
    project.run("log", "--check", code=0)
    print(f"{RUNS} runs that wait: all ended with 0, each section ran once")


@pytest.mark.timeout(240)
def test_eight_runs_that_do_not_wait_apply_each_migration_once_or_stop_with_5(ground):
    project, database = ground
    prepare_thirty(project, database)
    codes = sorted(code for code, _ in start_eight(project))
    assert set(codes) <= {0, 5} and codes[0] == 0, codes
    assert sorted(thirty.effects(database)) == sorted(thirty.expected_effects("up"))
    print(f"{RUNS} runs that do not wait: exit statuses {codes}, each section ran once")


# A holder that died

def write_plain(project, database, slow=None):
    """Three migrations; the second one may be slow."""
    hold_effects(database)
    for number, name in enumerate(["a", "b", "c"], 1):
        sleep = f"{slow}\n" if slow and name == "b" else ""
        project.migration(f"{number}_{name}", f"-- migrate:up\nINSERT INTO effects VALUES"
                          f" ('{name}');\n{sleep}-- migrate:down\nDELETE FROM effects;\n")


def hold_in_hook(project, body):
    """A hook that the first run alone stops in, with the lock in its hands."""
    config = (project.folder / "godwit.yaml").read_text()
    project.write("hook", f"#!/bin/sh\nmkdir held 2>/dev/null || exit 0\n{body}\n").chmod(0o755)
    project.write("godwit.yaml", config + "hooks: {before_up: [./hook]}\n")


def start_holder(project):
    holder = project.start("up", env=SHORT)
    wait_for((project.folder / "held").exists, 20, "the holder to hold the lock")
    time.sleep(0.2)
    return holder


@pytest.mark.timeout(120)
def test_the_next_run_takes_over_from_a_dead_holder_at_once(ground):
    project, database = ground
    write_plain(project, database)
    hold_in_hook(project, "exec sleep 60")
    holder = start_holder(project)
    project.run("up", code=5)
    holder.kill()
    finish(holder)
    began = time.monotonic()
    project.run("up", "--wait-lock", "30s", code=0)
    seconds = time.monotonic() - began
    assert effects(database) == ["a", "b", "c"]
    # Behind a pooler no session tells that the holder died: its lease of 2 s has to end.
    assert seconds < (10 if project.pooler else 3)
    print(f"taken over from a dead holder and done in {seconds:.2f} s")


# A holder that slept

@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["postgres", "mariadb", "pgbouncer"], indirect=True)
def test_a_holder_frozen_past_its_lease_writes_nothing_when_it_wakes(ground):
    project, database = ground
    write_plain(project, database)
    hold_in_hook(project, "kill -STOP $PPID")
    holder = start_holder(project)
    project.run("up", "--wait-lock", "60s", code=0)
    assert effects(database) == ["a", "b", "c"]
    before = project.run("log", "--json", code=0).json()["events"]
    holder.send_signal(signal.SIGCONT)
    code, talk = finish(holder)
    assert code in (5, 8), talk
    assert effects(database) == ["a", "b", "c"]
    assert project.run("log", "--json", code=0).json()["events"] == before
    project.run("log", "--check", code=0)
    print(f"the holder that woke ended with {code}: {talk.strip().splitlines()[-3:]}")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["postgres", "mariadb", "pgbouncer"], indirect=True)
def test_a_holder_frozen_in_a_statement_writes_nothing_when_it_wakes(ground):
    project, database = ground
    write_plain(project, database, SLEEP[database.kind].format(1))
    holder = project.start("up", env=SHORT)
    wait_for(lambda: effects(database) == ["a"], 20, "the first migration")
    holder.send_signal(signal.SIGSTOP)  # its second transaction is open in the server
    project.run("up", "--wait-lock", "60s", code=0)
    assert effects(database) == ["a", "b", "c"]
    before = project.run("log", "--json", code=0).json()["events"]
    holder.send_signal(signal.SIGCONT)
    code, talk = finish(holder)
    assert code in (5, 8), talk
    assert effects(database) == ["a", "b", "c"]
    assert project.run("log", "--json", code=0).json()["events"] == before
    print(f"the holder that woke ended with {code}: {talk.strip().splitlines()[-3:]}")


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_frozen_holder_keeps_the_lock_of_a_file(ground):
    project, database = ground
    write_plain(project, database)
    hold_in_hook(project, "kill -STOP $PPID")
    holder = start_holder(project)
    time.sleep(2.5)  # longer than its lease, which means nothing here
    project.run("up", code=5)
    assert effects(database) == []
    holder.send_signal(signal.SIGCONT)
    assert finish(holder)[0] == 0
    assert effects(database) == ["a", "b", "c"]


# A lease is kept

@pytest.mark.timeout(120)
@pytest.mark.parametrize("ground", ["postgres", "mariadb", "pgbouncer"], indirect=True)
def test_a_statement_longer_than_the_lease_keeps_it(ground):
    project, database = ground
    write_plain(project, database, SLEEP[database.kind].format(6))
    holder = project.start("up", env=SHORT)
    wait_for(lambda: effects(database) == ["a"], 20, "the first migration")
    began = time.monotonic()
    refused = 0
    while time.monotonic() < began + 5:
        project.run("up", code=5, env=SHORT)
        refused += 1
        time.sleep(0.3)
    code, talk = finish(holder)
    assert code == 0, talk
    assert effects(database) == ["a", "b", "c"]
    print(f"{refused} other runs were refused with 5 while a statement took three leases")


def test_a_refused_run_names_the_holder(ground):
    project, database = ground
    write_plain(project, database)
    hold_in_hook(project, "exec sleep 60")
    holder = start_holder(project)
    refused = project.run("up", "--json", code=5)
    status = project.run("status", "--json", code=0).json()
    holder.kill()
    finish(holder)
    assert f"pid {holder.pid}" in json.loads(refused.stdout)["error"]["message"]
    assert str(status["running"]["pid"]) == str(holder.pid)
