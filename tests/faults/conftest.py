"""Fault tests keep their files in memory where they can: what counts here is a dead process, not a
dead machine, and a thousand runs need not wait for a disk."""

import pathlib
import shutil
import tempfile

import pytest

MEMORY = pathlib.Path("/dev/shm")
ROOM = 1 << 30


@pytest.fixture
def tmp_path():
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = tempfile.mkdtemp(prefix="gw-faults-", dir=MEMORY if roomy else None)
    yield pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter):
    """Print what the tests counted and measured, also of those that passed."""
    for report in terminalreporter.stats.get("passed", []):
        if "faults" in report.nodeid and report.capstdout:
            terminalreporter.write_line(report.nodeid.rpartition("::")[2])
            for line in report.capstdout.splitlines():
                terminalreporter.write_line(f"    {line}")
