"""Kills at random times, of runs and of servers, and kills of the run that takes up a killed one.

A kill counts only when it struck between the first and the last effect of the run.
"""

import dataclasses
import os
import random
import subprocess
import time

import pytest

from faults.crew import HANDS, Crew, gather
from faults.scene import DEAD, LEASE, Scene
from harness.database import MariadbDatabase, PostgresDatabase
from servers import MariaDB, Postgres

KINDS = ["sqlite", "postgres", "mariadb"]
SEED = int(os.environ.get("GODWIT_SEED", "20240607"))
TRIES = 12  # for each kill that is wanted: those before the first effect or after the last are lost


@dataclasses.dataclass
class Trial:
    """Whether the kill counts, whether the run that resumed was killed too, how long the last one
    took, and how runs ended whose server was killed."""

    between: bool
    double: bool
    seconds: float
    codes: list


class Killer:
    """Kills runs of a crew's scenes at random times."""

    def __init__(self, crew):
        self.crew = crew
        self.between = 0
        crew.rehearse("up")
        self.up_seconds = max(crew.all(self._measure))

    @staticmethod
    def _measure(scene):
        scene.fresh()
        began = time.monotonic()
        scene.project.run("up", code=0)
        return time.monotonic() - began

    def start(self, scene, share):
        """Start the run, and wait that share of the time that it takes."""
        process = scene.project.start(*scene.command, env={"GODWIT_LEASE": LEASE},
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(share * self.up_seconds)
        return process

    def kill(self, scene, share):
        """How the killed run ended, or None when it had ended by itself."""
        process = self.start(scene, share)
        process.kill()
        code = process.wait()
        return code if code == DEAD else None

    def trial(self, scene, number):
        """One kill, in every third trial a second one of the run that takes it up."""
        chance = random.Random(f"{SEED} {self.crew.kind} {number}")
        scene.fresh()
        codes = [self.kill(scene, chance.uniform(0.05, 1))]
        if codes[0] is None:
            return None
        between = 0 < scene.progress() < 1
        if chance.random() < 1 / 3:
            codes.append(self.kill(scene, chance.uniform(0.05, 0.6)))
        began = time.monotonic()
        scene.resume()
        seconds = time.monotonic() - began
        scene.check(f"seed {SEED}, trial {number}")
        self.between += between
        return Trial(between, len(codes) > 1 and codes[1] is not None, seconds, codes)

    def run(self, wanted):
        numbers = (number for number in range(wanted * TRIES) if self.between < wanted)
        trials = self.crew.each(numbers, self.trial)
        counted = [trial for trial in trials if trial.between]
        print(f"{self.crew.name}: {len(trials)} kills at random times of runs that take up to "
              f"{self.up_seconds:.1f} s (seed {SEED}), {len(counted)} between the first and the "
              f"last effect, after {sum(trial.double for trial in counted)} of them the run that "
              "resumed was killed too; all ended exactly; slowest resume "
              f"{max(trial.seconds for trial in trials):.1f} s")
        assert len(counted) >= wanted
        return trials


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_runs_killed_at_random_times_are_resumed_exactly(kind, make_database, make_project):
    Killer(gather("thirty", kind, make_database, make_project, 1)).run(10)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_runs_killed_at_random_times(kind, make_database, make_project):
    Killer(gather("thirty", kind, make_database, make_project, HANDS)).run(300)


# Servers: of their own, so that other tests do not meet a dead one

@pytest.fixture
def crash_database(server_folder):
    """crash_database(kind): a database on a server that may be killed."""
    started = []

    def make(kind):
        maker, database = {"postgres": (Postgres, PostgresDatabase),
                           "mariadb": (MariaDB, MariadbDatabase)}[kind]
        server = maker(server_folder / "crash", durable=True)
        started.append(server)
        server.start()
        server.create_database("gw_crash")
        return database(server, "gw_crash")

    yield make
    for server in started:
        server.remove()


class ServerKiller(Killer):
    """Kills the server under a run, all its processes at once."""

    def kill(self, scene, share):
        process = self.start(scene, share)
        running = process.poll() is None
        scene.database.server.kill()
        code = process.wait(30)
        scene.database.server.restart()
        scene.allow_triggers()
        assert not running or code in (0, 3, 8), f"the run ended with {code} at its server's death"
        return code if running else None

    def run(self, wanted):
        trials = super().run(wanted)
        codes = sorted(code for trial in trials for code in trial.codes if code is not None)
        print(f"{self.crew.name}: exit statuses of the runs whose server was killed: {codes}")


def kill_servers(kind, wanted, crash_database, make_project):
    database = crash_database(kind)
    ServerKiller(Crew([Scene("thirty", database, make_project(database))])).run(wanted)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_killed_server_is_made_up_for(kind, crash_database, make_project):
    kill_servers(kind, 2, crash_database, make_project)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_twenty_killed_servers_are_made_up_for(kind, crash_database, make_project):
    kill_servers(kind, 20, crash_database, make_project)
