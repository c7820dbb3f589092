#!/usr/bin/python3
"""clang accepts each file without a warning: check-clang.py BUILD (which gcc built)."""

import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

import source

# gcc looks after casts; clang finds them in what GLib's macros expand to.
LAST = ["-Wno-cast-qual", "-fno-color-diagnostics"]
DROPPED = {"-MD", "-c"}
DROPPED_WITH_VALUE = {"-o", "-MQ", "-MF"}


def clang_command(entry):
    """gcc's command as one that only looks."""
    words = iter(shlex.split(entry["command"]))
    kept = []
    for word in words:
        if word in DROPPED_WITH_VALUE:
            next(words)
        elif word not in DROPPED and not word.startswith("-fsanitize"):
            kept.append(word)
    options = kept[kept.index(next(word for word in kept if word.startswith("-"))):]
    return ["clang", "-fsyntax-only", "-Werror", "-Wno-unknown-warning-option",
            "-Wno-unused-command-line-argument", *options, *LAST]


def check(entry):
    done = subprocess.run(clang_command(entry), cwd=entry["directory"], capture_output=True,
                          text=True, check=False)
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


def main():
    database = pathlib.Path(sys.argv[1]).resolve() / "compile_commands.json"
    entries = json.loads(database.read_text())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        source.finish([problem for problems in pool.map(check, entries) for problem in problems])


main()
