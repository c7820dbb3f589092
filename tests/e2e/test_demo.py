"""README shows what `make demo` prints, and the demo does what it says.

`python3 tests/e2e/test_demo.py PROGRAM` writes the demo's output into README.md.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from harness.transcript import between, normalise  # noqa: E402

README = ROOT / "README.md"
SECONDS = 300  # a build with sanitizers on a busy machine
FINGERPRINT = re.compile(r"^(\S+\.db) +(\w+ +\d+ rows +\w{16})$", re.MULTILINE)


def play(program, folder):
    """Run the demo; what it showed, as one who reads sees it."""
    env = {**os.environ, "GODWIT": str(program), "TMPDIR": str(folder), "TZ": "UTC",
           "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    done = subprocess.run([ROOT / "tools" / "demo.sh"], env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip("\n") + "\n"


@pytest.mark.timeout(SECONDS)
def test_readme_shows_what_the_demo_prints(program, tmp_path):
    _, shown, _ = between(README.read_text(), "demo")
    played = play(program, tmp_path)
    assert normalise(played) == normalise(shown), (
        f"run: python3 tests/e2e/test_demo.py {program}")
    tables = {}
    for database, table in FINGERPRINT.findall(played):
        tables.setdefault(database, set()).add(table)
    assert len(tables["app.db"]) == 3
    assert tables["app.db"] == tables["undisturbed.db"]


def write(program):
    played = play(pathlib.Path(program).resolve(), "/tmp")
    shutil.rmtree(re.search(r"^# Now try, in (\S+):$", played, re.MULTILINE)[1])
    before, _, after = between(README.read_text(), "demo")
    README.write_text(before + played + after)


if __name__ == "__main__":
    write(sys.argv[1])
