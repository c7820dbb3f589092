#!/usr/bin/python3
"""No file that is committed speaks of the machine or the way it was written on."""

import re
import subprocess

import source

FORBIDDEN = [
    r"/work/",
    r"/root/",
    r"\bsession \d+ of\b",
    r"\bas an AI\b",
    r"\bDESIGN\.md\b",
    r"\bshared/(reference|hooks)\b",
]


def main():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=source.ROOT, capture_output=True,
                           text=True, check=True).stdout.split("\0")
    pattern = re.compile("|".join(FORBIDDEN))
    problems = []
    for name in filter(None, names):
        path = source.ROOT / name
        if path.is_file() and path.name != "check-words.py":
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            problems += [f"{name}:{number}: {match[0]}" for number, line in enumerate(lines, 1)
                         for match in [pattern.search(line)] if match]
    source.finish(problems)


main()
