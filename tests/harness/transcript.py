"""What a terminal showed, as documentation has it, made comparable with what it shows now.

Moments, durations, names of machine and user, temporary folders, and where lines were broken for
their sake, are no part of what a reader is told.
"""

import re

RULES = [
    (r"/\S*/(godwit-demo|project)-\w+", "/FOLDER"),
    (r"\n {8}(?=\S)", " "),  # a line about the target goes on
    (r"\bsqlite \d+\.\d+\.\d+", "sqlite RELEASE"),
    (r"(?<!\d)20[2-9]\d(0[1-9]|1[0-2])\d{8}(?!\d)", "VERSION"),
    (r"\b20[2-9]\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?", "MOMENT"),
    (r"\b\d+(\.\d+)? (us|ms|s|min)\b", "TIME"),
    (r"\bpid \d+", "pid N"),
    (r"\b(up|down) by \S+ on \S+", r"\1 by WHO on WHERE"),
    (r" as \S+, primary\b", " as WHO, primary"),
    (r"(MOMENT +\d+ +TIME +)\S+$", r"\1WHO"),
    (r" {2,}", "  "),
    (r" +$", ""),
]


def normalise(text):
    """The text without what differs from run to run."""
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


def between(page, name):
    """(before, inside, after) of the code block between `<!-- NAME -->` and `<!-- /NAME -->`."""
    opening, closing = f"<!-- {name} -->\n\n```console\n", f"```\n\n<!-- /{name} -->"
    before, found, rest = page.partition(opening)
    inside, ended, after = rest.partition(closing)
    if not found or not ended:
        raise ValueError(f"the page has no block {name!r}")
    return before + opening, inside, closing + after
