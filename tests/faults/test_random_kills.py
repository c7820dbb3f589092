"""Kills at random times, of runs and of servers, and kills of the run that takes up a killed one.

A kill counts only when it struck between the first and the last effect of the run.
"""

import os
import random
import subprocess
import time

import pytest

from faults.scene import DEAD, LEASE, Scene
from harness.database import MariadbDatabase, PostgresDatabase
from servers import MariaDB, Postgres

KINDS = ["sqlite", "postgres", "mariadb"]
SEED = int(os.environ.get("GODWIT_SEED", "20240607"))
TRIES = 6  # for each kill that is wanted: those before the first effect or after the last are lost


class Killer:
    """Kills runs of a scene at random times."""

    def __init__(self, scene, random_source):
        self.scene = scene
        self.random = random_source
        self.died = self.between = self.doubles = 0
        scene.rehearse("up")
        scene.fresh()
        began = time.monotonic()
        scene.project.run("up", code=0)
        self.up_seconds = time.monotonic() - began

    def start(self, share=1):
        """Start the run, and wait a random part of the time that it takes."""
        process = self.scene.project.start(*self.scene.command, env={"GODWIT_LEASE": LEASE},
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.random.uniform(0.05, share) * self.up_seconds)
        return process

    def kill_once(self, share=1):
        process = self.start(share)
        process.kill()
        return process.wait() == DEAD

    def trial(self):
        """One kill, in every third trial a second one of the run that takes it up."""
        self.scene.fresh()
        if not self.kill_once():
            return
        self.died += 1
        counts = 0 < self.scene.progress() < 1
        self.between += counts
        if self.random.random() < 1 / 3 and self.kill_once(0.6):
            self.doubles += counts
        self.scene.resume()
        self.scene.check(f"seed {SEED}, kill {self.died}")

    def run(self, wanted):
        for _ in range(wanted * TRIES):
            if self.between >= wanted:
                break
            self.trial()
        print(f"{self.scene.kind}: {self.died} kills at random times of runs that take "
              f"{self.up_seconds:.1f} s (seed {SEED}), "
              f"{self.between} between the first and the last effect, after {self.doubles} of them "
              "the run that resumed was killed too; all ended exactly")
        assert self.between >= wanted


def kill_runs(kind, wanted, make_database, make_project):
    database = make_database(kind)
    scene = Scene("thirty", database, make_project(database))
    Killer(scene, random.Random(f"{SEED} {kind}")).run(wanted)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_runs_killed_at_random_times_are_resumed_exactly(kind, make_database, make_project):
    kill_runs(kind, 10, make_database, make_project)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_runs_killed_at_random_times(kind, make_database, make_project):
    kill_runs(kind, 100, make_database, make_project)


# Servers: of their own, so that other tests do not meet a dead one

@pytest.fixture
def crash_database(server_folder):
    """crash_database(kind): a database on a server that may be killed."""
    started = []

    def make(kind):
        maker, database = {"postgres": (Postgres, PostgresDatabase),
                           "mariadb": (MariaDB, MariadbDatabase)}[kind]
        server = maker(server_folder / "crash", durable=False)
        started.append(server)
        server.start()
        server.create_database("gw_crash")
        return database(server, "gw_crash")

    yield make
    for server in started:
        server.remove()


class ServerKiller(Killer):
    """Kills the server under a run, all its processes at once."""

    def __init__(self, scene, random_source):
        super().__init__(scene, random_source)
        self.codes = []

    def kill_once(self, share=1):
        process = self.start(share)
        running = process.poll() is None
        self.scene.database.server.kill()
        code = process.wait(30)
        self.scene.database.server.restart()
        self.scene.allow_triggers()
        if running:
            assert code in (0, 3, 8), f"the run ended with {code} when its server died"
            self.codes.append(code)
        return running

    def run(self, wanted):
        super().run(wanted)
        print(f"{self.scene.kind}: exit statuses of the runs whose server was killed: "
              f"{sorted(self.codes)}")


def kill_servers(kind, wanted, crash_database, make_project):
    database = crash_database(kind)
    scene = Scene("thirty", database, make_project(database))
    ServerKiller(scene, random.Random(f"{SEED} {kind}")).run(wanted)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_killed_server_is_made_up_for(kind, crash_database, make_project):
    kill_servers(kind, 2, crash_database, make_project)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_twenty_killed_servers_are_made_up_for(kind, crash_database, make_project):
    kill_servers(kind, 20, crash_database, make_project)
