"""The terminals that docs/guides show are what one sees who types the same.

A page's blocks are one session in one folder. `python3 tests/e2e/test_guides.py PROGRAM` writes
what the commands print now into the pages.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from harness.transcript import between, normalise  # noqa: E402

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


def blocks(page):
    """The names of the page's blocks, in order."""
    return re.findall(r"^<!-- (\w+) -->$", page, re.MULTILINE)


def commands(block):
    """What is typed in a block: lines after `$ `, with those after `> ` that carry them on."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:]])
        elif line.startswith("> ") or line == ">":
            found[-1].append(line[2:])
    return found


def show(typed, program, folder):
    """The command as it was typed, and what it printed."""
    env = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(folder), "TZ": "UTC",
           "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", "\n".join(typed)], cwd=folder, env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    first, *rest = typed
    return f"$ {first}\n" + "".join(f"> {line}".rstrip() + "\n" for line in rest) + done.stdout


def play(page, program, folder):
    """The page with what its commands print now."""
    for name in blocks(page):
        before, block, after = between(page, name)
        shown = "\n".join(show(typed, program, folder) for typed in commands(block))
        page = before + shown.replace(str(folder), "/home/ada/shop") + after
    return page


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_shows_what_one_sees(guide, program, tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    page = guide.read_text()
    assert blocks(page), "the page shows no terminal"
    assert normalise(play(page, program, folder)) == normalise(page), (
        f"run: python3 tests/e2e/test_guides.py {program}")


def write(program):
    for guide in GUIDES:
        with tempfile.TemporaryDirectory() as parent:
            folder = pathlib.Path(parent) / "shop"
            folder.mkdir()
            guide.write_text(play(guide.read_text(), pathlib.Path(program).resolve(), folder))


if __name__ == "__main__":
    write(sys.argv[1])
