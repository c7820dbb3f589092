"""The pages of docs/ that the program prints are committed as it prints them.

`python3 tests/e2e/test_docs.py PROGRAM` writes them.
"""

import pathlib
import re
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"
SINGLE = {"errors": DOCS / "errors.md", "exit-codes": DOCS / "exit-codes.md"}


def printed(program, *words):
    done = subprocess.run([str(program), "help", "--markdown", *words], check=True,
                          capture_output=True, text=True)
    return done.stdout


def commands(program):
    return re.findall(r"^# godwit (\S+)$", printed(program), re.MULTILINE)


def pages(program):
    """{path: what stands there}"""
    found = {DOCS / "commands" / f"{name}.md": printed(program, name) for name in commands(program)}
    found.update({path: printed(program, name) for name, path in SINGLE.items()})
    return found


def test_committed_pages_are_what_the_program_prints(program):
    hint = f"run: python3 tests/e2e/test_docs.py {program}"
    for path, text in pages(program).items():
        assert path.is_file(), f"{path} is not there; {hint}"
        assert path.read_text() == text, f"{path} is old; {hint}"


def test_there_is_no_page_of_a_command_that_is_gone(program):
    there = {path.stem for path in (DOCS / "commands").glob("*.md")}
    assert there == set(commands(program))


def test_completion_scripts_name_every_command(program):
    for shell in ["bash", "zsh", "fish"]:
        script = subprocess.run([str(program), "completion", shell], check=True,
                                capture_output=True, text=True).stdout
        for name in commands(program):
            assert re.search(rf"\b{name}\b", script), f"{name} is not completed in {shell}"


def test_the_manual_page_is_read_without_a_warning(program):
    page = subprocess.run([str(program), "help", "--man"], check=True, capture_output=True).stdout
    read = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-k"], input=page, check=True,
                          capture_output=True)
    assert read.stderr == b""
    assert b"godwit" in read.stdout


def write(program):
    for path, text in pages(program).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    write(sys.argv[1])
