"""Fault tests keep their files in memory where they can, the servers' data too: what counts here is
a dead process, not a dead machine, and thousands of runs need not wait for a disk."""

import os
import pathlib
import shutil
import tempfile

import pytest

from servers.server import sweep

MEMORY = pathlib.Path("/dev/shm")
ROOM = 4 << 30


@pytest.fixture(scope="session")
def memory():
    """A folder in memory that every user may enter, or None where there is too little."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield None
        return
    sweep(MEMORY, "godwit-*")
    folder = MEMORY / f"godwit-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_folder(memory, server_folder):
    """Where the servers of this session keep their data."""
    return memory / "servers" if memory else server_folder


@pytest.fixture
def tmp_path(memory):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gw-faults-", dir=memory))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter):
    """Print what the tests counted and measured, also of those that passed."""
    for report in terminalreporter.stats.get("passed", []):
        if "faults" in report.nodeid and report.capstdout:
            terminalreporter.write_line(report.nodeid.rpartition("::")[2])
            for line in report.capstdout.splitlines():
                terminalreporter.write_line(f"    {line}")
