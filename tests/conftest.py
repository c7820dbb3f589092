"""Fixtures of all tests that run the built program or real servers.

The program is $GODWIT_BIN, or build-check/godwit. Servers start when the first test asks for them,
keep their data beside the program, and die with this process.
"""

import itertools
import os
import pathlib
import shutil
import signal

import pytest

from harness.database import MariadbDatabase, PostgresDatabase, SqliteDatabase
from harness.golden import Golden
from harness.project import Project
from servers import MariaDB, PgBouncer, Postgres
from servers.server import sweep

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = ("sqlite", "postgres", "mariadb")
TEST_SECONDS = 120
_servers = pytest.StashKey()
_numbers = itertools.count(1)


# A test that hangs fails.

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    marker = item.get_closest_marker("timeout")
    seconds = marker.args[0] if marker else TEST_SECONDS

    def give_up(_signal, _frame):
        raise TimeoutError(f"the test took more than {seconds} s")

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Print the ends of the servers' logs below a test that failed."""
    report = (yield).get_result()
    if report.when == "call" and report.failed:
        for server in item.session.stash.get(_servers, []):
            if server.name in item.name or server.name in item.fixturenames:
                report.sections.append((f"log of {server.name}", server.log_tail()))


# The program and the servers

@pytest.fixture(scope="session")
def program():
    """The path of the built godwit."""
    path = pathlib.Path(os.environ.get("GODWIT_BIN", ROOT / "build-check" / "godwit")).resolve()
    assert path.is_file(), f"{path} is not there: run `make check`, or set GODWIT_BIN"
    return path


@pytest.fixture(scope="session")
def server_folder():
    """Where the servers of this session keep their data."""
    binary = pathlib.Path(os.environ.get("GODWIT_BIN", ROOT / "build-check" / "godwit"))
    parent = binary.resolve().parent / "servers"
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent, "run-*")
    folder = parent / f"run-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _serve(request, server):
    request.session.stash.setdefault(_servers, []).append(server)
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres(request, server_folder):
    yield from _serve(request, Postgres(server_folder, durable=False))


@pytest.fixture(scope="session")
def mariadb(request, server_folder):
    yield from _serve(request, MariaDB(server_folder, durable=False))


@pytest.fixture(scope="session")
def pgbouncer(request, server_folder, postgres):
    yield from _serve(request, PgBouncer(server_folder, postgres))


# What one test has to itself

@pytest.fixture
def make_database(request, tmp_path):
    """make_database(kind): a new, empty database; all are dropped after the test."""
    made = []

    def make(kind):
        name = f"gw_{os.getpid()}_{next(_numbers)}"
        if kind == "sqlite":
            made.append(SqliteDatabase(tmp_path / f"{name}.db"))
        else:
            server = request.getfixturevalue(kind)
            server.create_database(name)
            make_one = {"postgres": PostgresDatabase, "mariadb": MariadbDatabase}[kind]
            made.append(make_one(server, name))
        return made[-1]

    yield make
    for database in made:
        database.drop()


@pytest.fixture(params=KINDS)
def database(request, make_database):
    """An empty database of each kind; choose with parametrize("database", [...], indirect=True)."""
    return make_database(request.param)


@pytest.fixture
def make_project(tmp_path, program):
    """make_project(database=None): a new project folder, its target `dev` being the database."""
    def make(database=None):
        return Project(tmp_path / f"project-{next(_numbers)}", program, database)
    return make


@pytest.fixture
def project(make_project, database):
    """A project whose target `dev` is the test's database."""
    return make_project(database)


@pytest.fixture
def golden(request):
    """golden(project, "up", code=2): a refusal in the words of golden/TEST.txt; see harness."""
    database = request.getfixturevalue("database") if "database" in request.fixturenames else None
    name = request.node.name.removeprefix("test_").replace("[", ".").replace("]", "")
    return Golden(name, database)
