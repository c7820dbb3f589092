"""What the checks share: the tree's source files, and C text without comments and strings."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKENS = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def files(*patterns, folders=("src", "include", "tests", "tools")):
    """The files that match one of the patterns, sorted, relative to the root."""
    found = {path.relative_to(ROOT) for folder in folders for pattern in patterns
             for path in (ROOT / folder).rglob(pattern) if path.is_file()}
    return sorted(found)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def bare_code(text):
    """C text with comments and literals blanked out; line numbers stay."""
    return TOKENS.sub(lambda token: "\n" * token[0].count("\n") or '""', text)


def finish(problems):
    """Print the problems and end with 1 when there are any."""
    for problem in problems:
        print(problem)
    raise SystemExit(1 if problems else 0)
