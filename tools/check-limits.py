#!/usr/bin/python3
"""Files, functions and lines stay short. There is no list of exceptions."""

import contextlib
import json
import pathlib
import re
import statistics
import subprocess
import tempfile

import source

FILE_LINES = 500
COLUMNS = 100
FUNCTION_LINES = 60
MEDIAN_LINES = 15
PARAMETERS = 6
COMPLEXITY = 15
DEFINING_MACRO = re.compile(r"^[A-Z][A-Z0-9_]*\(.*\);?$(?!\n\{)", re.MULTILINE)


def check_text(file):
    """Length of the file and its lines, tabs."""
    lines = source.read(file).splitlines()
    if len(lines) > FILE_LINES:
        yield f"{file}: {len(lines)} lines, {FILE_LINES} are allowed"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield f"{file}:{number}: {len(line)} columns, {COLUMNS} are allowed"
        if "\t" in line:
            yield f"{file}:{number}: a tab"


def check_goto(file):
    for number, line in enumerate(source.bare_code(source.read(file)).splitlines(), 1):
        if re.search(r"\bgoto\b", line):
            yield f"{file}:{number}: goto"


@contextlib.contextmanager
def plain_copies(files):
    """A folder with the files as ctags and pmccabe understand them: without macros like
    G_DEFINE_QUARK(…), which they take for the head of the function that follows."""
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            copy = pathlib.Path(folder) / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(DEFINING_MACRO.sub("", source.read(file)), encoding="utf-8")
        yield folder


def functions(folder, files):
    """What ctags knows of every function defined in these files."""
    done = subprocess.run(
        ["ctags", "--languages=C", "--langmap=C:.c.h", "--kinds-C=f", "--fields=+neS",
         "--output-format=json", "-f", "-", *map(str, files)],
        cwd=folder, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def count_parameters(signature):
    """How many there are in "(int a, void (*f)(int, int), ...)": two, an ellipsis is none."""
    inside = signature.strip()[1:-1].strip()
    while "(" in inside:
        inside = re.sub(r"\([^()]*\)", "", inside)
    inside = re.sub(r",\s*\.\.\.$", "", inside)
    return 0 if inside in ("", "void") else inside.count(",") + 1


def length(function):
    return function["end"] - function["line"] + 1


def check_function(function):
    where = f"{function['path']}:{function['line']}: {function['name']}"
    parameters = count_parameters(function.get("signature", "()"))
    if length(function) > FUNCTION_LINES:
        yield f"{where} has {length(function)} lines, {FUNCTION_LINES} are allowed"
    if parameters > PARAMETERS:
        yield f"{where} has {parameters} parameters, {PARAMETERS} are allowed"


def check_complexity(folder, files):
    done = subprocess.run(["pmccabe", *map(str, files)], cwd=folder, capture_output=True, text=True,
                          check=True)
    for line in done.stdout.splitlines():
        complexity, where = int(line.split("\t")[0]), line.split("\t")[-1]
        if complexity > COMPLEXITY:
            yield f"{where} has complexity {complexity}, {COMPLEXITY} is allowed"


def check_median(found):
    lengths = [length(function) for function in found if function["path"].startswith("src/")]
    median = statistics.median(lengths) if lengths else 0
    if median >= MEDIAN_LINES:
        yield f"the median function has {median} lines, not under {MEDIAN_LINES}"


def main():
    problems = []
    for file in source.files("*.c", "*.h", "*.py", "*.sh"):
        problems.extend(check_text(file))
    files = source.files("*.c", "*.h")
    for file in files:
        problems.extend(check_goto(file))
    if files:
        with plain_copies(files) as folder:
            found = functions(folder, files)
            problems.extend(check_complexity(folder, files))
        for function in found:
            problems.extend(check_function(function))
        problems.extend(check_median(found))
    source.finish(problems)


main()
