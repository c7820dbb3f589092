"""Several scenes of one story, each with a database of its own, that share out what is to be tried.

Most of a trial is waiting: for a program to start, for a server, for a lease to end. What fails is
noted and the others go on, so that one long run shows all there is to mend.
"""

import concurrent.futures
import os
import threading

from faults.scene import Scene

HANDS = int(os.environ.get("GODWIT_HANDS", os.cpu_count() or 1))
MOST_FAILURES = 10


class Crew:
    def __init__(self, scenes):
        self.scenes = scenes
        self.kind = scenes[0].kind
        self.lock = threading.Lock()
        self.over = False

    @property
    def first(self):
        return self.scenes[0]

    @property
    def points(self):
        return self.first.points

    @property
    def name(self):
        """What a figure belongs to, as in "postgres up"."""
        return f"{self.first.title} {self.first.command[0]}"

    def all(self, do):
        """do(scene) once for each scene, at the same time."""
        with concurrent.futures.ThreadPoolExecutor(len(self.scenes)) as pool:
            self.over = False
            try:
                return list(pool.map(do, self.scenes))
            finally:
                self.over = True  # also when the test's time is up

    def rehearse(self, *command):
        """See Scene.rehearse()."""
        self.all(lambda scene: scene.rehearse(*command))

    def each(self, items, do):
        """do(scene, item) once for each item; what it gave, without None."""
        items, results, failures = iter(items), [], []

        def take():
            with self.lock:
                return None if self.over else next(items, None)

        def work(scene):
            while (item := take()) is not None:
                try:
                    results.append(do(scene, item))
                except Exception as error:
                    failures.append(f"{self.name}, {item}: {type(error).__name__}: {error}")
                    self.over = self.over or len(failures) >= MOST_FAILURES

        self.all(work)
        assert not failures, "\n\n".join([f"{len(failures)} went wrong", *failures])
        return [result for result in results if result is not None]


def gather(story, kind, make_database, make_project, hands=HANDS):
    """A crew of so many scenes; the kind "wal" is SQLite with a write-ahead log."""
    def make():
        database = make_database("sqlite" if kind == "wal" else kind)
        if kind == "wal":
            database.sql("PRAGMA journal_mode = WAL;")
        return Scene(story, database, make_project(database), kind)
    return Crew([make() for _ in range(hands)])
