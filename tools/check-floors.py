#!/usr/bin/python3
"""Each `#include "room/file.h"` is an arrow that floors.txt allows."""

import re

import source

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def read_floors():
    """{room or file: rooms it may include}"""
    floors = {}
    for line in source.read("tools/floors.txt").splitlines():
        if line and not line.startswith("#"):
            room, _, allowed = line.partition(":")
            floors[room.strip()] = set(allowed.split())
    return floors


def room_of(path, floors):
    """The longest room that the path lies in, or None."""
    fits = [room for room in floors if path.startswith(room + "/")]
    return max(fits, key=len, default=None)


def check_include(path, name, floors):
    """What is wrong with this arrow, or None."""
    here = room_of(path, floors)
    allowed = floors.get(path, floors[here])
    if name == "godwit.h":
        return None if name in allowed else f"{here} may not include the public header"
    if not (source.ROOT / "src" / name).is_file():
        return f'"{name}" is not a file under src/ (includes are written from there)'
    there = room_of(name, floors)
    if there == here or there in allowed:
        return None
    return f"{path if path in floors else here} may not include {there}"


def main():
    floors = read_floors()
    problems = []
    for file in source.files("*.c", "*.h", folders=["src"]):
        path = file.relative_to("src").as_posix()
        if room_of(path, floors) is None:
            problems.append(f"{file}: its folder is not in tools/floors.txt")
            continue
        text = source.read(file)
        for match in INCLUDE.finditer(text):
            problem = check_include(path, match[1], floors)
            if problem:
                line = text.count("\n", 0, match.start(1)) + 1
                problems.append(f"{file}:{line}: {problem}")
    source.finish(problems)


main()
