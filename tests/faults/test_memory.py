"""A large migration runs in little memory: its file is mapped, its data is streamed.

What counts is anonymous memory of a program built as `make` builds it, without sanitizers.
"""

import os
import pathlib
import subprocess
import threading
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMIT_MB = 64
ROW = "x" * 980
EVERY = 0.02


@pytest.fixture(scope="session")
def release_program():
    """$GODWIT_RELEASE, or build-release/godwit, built here."""
    given = os.environ.get("GODWIT_RELEASE")
    if given:
        return pathlib.Path(given).resolve()
    build = ROOT / "build-release"
    if not (build / "build.ninja").exists():
        subprocess.run(["meson", "setup", build, "--buildtype=debugoptimized"], cwd=ROOT,
                       check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "godwit"], check=True, stdout=subprocess.DEVNULL)
    return build / "godwit"


class Watch:
    """The most anonymous memory that a process ever had."""

    def __init__(self, process):
        self.path = pathlib.Path(f"/proc/{process.pid}/status")
        self.peak = 0
        self.samples = 0
        self.thread = threading.Thread(target=self._work)
        self.ended = threading.Event()

    def _work(self):
        while not self.ended.is_set():
            try:
                text = self.path.read_text()
            except (FileNotFoundError, ProcessLookupError):
                return
            if "RssAnon:" in text:
                self.peak = max(self.peak, int(text.split("RssAnon:")[1].split()[0]) / 1024)
                self.samples += 1
            time.sleep(EVERY)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def write_inserts(out, megabytes):
    for number in range(megabytes * 1024):
        out.write(f"INSERT INTO big (id, body) VALUES ({number}, '{ROW}');\n")


def write_copy(out, megabytes):
    out.write("COPY big (id, body) FROM stdin;\n")
    for number in range(megabytes * 1024):
        out.write(f"{number}\t{ROW}\n")
    out.write("\\.\n")


def write_one_insert(out, megabytes):
    """Statements of 8 MB each: what a dump with extended inserts has."""
    for start in range(0, megabytes * 1024, 8192):
        rows = ",\n".join(f"({number}, '{ROW}')"
                          for number in range(start, min(start + 8192, megabytes * 1024)))
        out.write(f"INSERT INTO big (id, body) VALUES\n{rows};\n")


def measure(database, project, write, megabytes):
    project.write("migrations/1_big.sql", "")
    with open(project.folder / "migrations" / "1_big.sql", "w") as out:
        out.write("-- migrate:up\n"
                  "CREATE TABLE big (id integer PRIMARY KEY, body varchar(1000));\n")
        write(out, megabytes)
        out.write("-- migrate:down\nDROP TABLE big;\n")
    began = time.monotonic()
    process = project.start("up", "-q", stdout=subprocess.DEVNULL)
    with Watch(process) as watch:
        _, talk = process.communicate(timeout=900)
    seconds = time.monotonic() - began
    assert process.returncode == 0, talk.decode()[-2000:]
    assert database.value("SELECT count(*) FROM big") == str(megabytes * 1024)
    print(f"{database.kind}: {megabytes} MB by {write.__name__[6:]}: at most {watch.peak:.1f} MB "
          f"of anonymous memory ({watch.samples} samples) in {seconds:.1f} s")
    assert watch.samples > 5
    assert watch.peak < LIMIT_MB


WAYS = [("sqlite", write_inserts), ("postgres", write_inserts), ("mariadb", write_inserts),
        ("postgres", write_copy), ("mariadb", write_one_insert)]
each_way = pytest.mark.parametrize("kind, write", WAYS,
                                   ids=[f"{kind}-{write.__name__[6:]}" for kind, write in WAYS])


@pytest.mark.timeout(600)
@each_way
def test_twenty_megabytes_run_in_little_memory(kind, write, make_database, make_project,
                                               release_program):
    database = make_database(kind)
    project = make_project(database)
    project.program = release_program
    measure(database, project, write, 20)


@pytest.mark.long
@pytest.mark.timeout(1800)
@each_way
def test_a_hundred_megabytes_run_in_little_memory(kind, write, make_database, make_project,
                                                  release_program):
    database = make_database(kind)
    project = make_project(database)
    project.program = release_program
    measure(database, project, write, 100)
