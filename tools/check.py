#!/usr/bin/python3
"""All checks and tests, summed up in one last line: `N passed, N failed`.

A test that is skipped counts as failed, for nothing here may be missing silently.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from servers import MariaDB, PgBouncer, Postgres  # noqa: E402
from servers.__main__ import environment  # noqa: E402

TOOLS = ROOT / "tools"
BUILD = ROOT / "build-check"
THREAD_BUILD = ROOT / "build-tsan"
FAULTS_BUILD = ROOT / "build-faults"  # as users build it, for what is tried thousands of times

SANITIZED = ["-Ddebug=true", "-Doptimization=1", "-Db_lundef=false"]
BUILD_OPTIONS = {
    BUILD: ["-Db_sanitize=address,undefined", *SANITIZED],
    THREAD_BUILD: ["-Db_sanitize=thread", *SANITIZED],
    FAULTS_BUILD: ["--buildtype=debugoptimized"],
}
STATIC_CHECKS = {
    "floors": ["check-floors.py"],
    "limits": ["check-limits.py"],
    "words": ["check-words.py"],
    "format": ["check-format.sh"],
    "headers": ["check-headers.sh"],
    "symbols": ["check-symbols.sh", BUILD],
    "clang": ["check-clang.py", BUILD],
}
SUITES = ["harness", "drivers", "e2e", "faults"]
THREAD_SUITES = ["e2e/test_thirty.py", "e2e/test_held_lock.py", "faults/test_many_runs.py",
                 "faults/test_stall.py"]
SECONDS = {"build": 1800, "check": 300, "unit": 900, "suite": 3600, "long": 8 * 3600}
FUZZ_SECONDS = "60"


class Tally:
    """What passed and what failed so far."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def add(self, name, passed, failed):
        self.passed += passed
        self.failed += failed
        print(f"== {name}: {passed} passed, {failed} failed", flush=True)

    def add_one(self, name, good):
        self.add(name, int(good), int(not good))

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed else 0)


def run(command, seconds, env=None, quiet=False):
    """Run a program from the root: (exit status, output). Prints the output unless quiet."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, timeout=seconds,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        code, output = done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        code, output = 124, (error.output or b"").decode(errors="replace")
        output += f"\n{' '.join(command)}: stopped after {seconds} s\n"
    if not quiet:
        print(output, end="", flush=True)
    return code, output


# Results

def outcome(case):
    """How a <testcase> of a JUnit file ended."""
    for child in case:
        if child.tag in ("failure", "error", "skipped"):
            return child.tag
    return "passed"


def read_junit(path):
    """(passed, failed) of a JUnit file; skipped tests are named and count as failed."""
    passed = failed = 0
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        result = outcome(case)
        if result == "passed":
            passed += 1
        else:
            failed += 1
        if result == "skipped":
            print(f"skipped, which counts as failed: {case.get('classname')} {case.get('name')}")
    return passed, failed


def crashed(folder):
    """How many test programs went wrong, also those that ended before a test could fail."""
    log = folder / "meson-logs" / "testlog.json"
    results = [json.loads(line)["result"] for line in log.open()] if log.exists() else []
    return sum(result != "OK" for result in results)


# Steps

def run_or_show(command, seconds, env=None):
    """Run a program whose output matters only when it fails; whether it went well."""
    code, output = run(command, seconds, env, quiet=True)
    if code != 0:
        print(output)
    return code == 0


def install(tally, group):
    if subprocess.run([TOOLS / "install-packages.sh", group], check=False).returncode != 0:
        tally.add_one(f"packages for '{group}'", False)


def build(tally, folder):
    """Configure once, then build; whether that went well."""
    options = [*BUILD_OPTIONS[folder], "-Dwerror=true", "-Dfaults=true"]
    good = (folder / "build.ninja").exists() or run_or_show(
        ["meson", "setup", folder, *options], SECONDS["build"])
    good = good and run_or_show(["ninja", "-C", folder], SECONDS["build"])
    tally.add_one(f"{folder.name}: {' '.join(options)}", good)
    return good


def run_static_checks(tally):
    for name, (script, *arguments) in STATIC_CHECKS.items():
        code, _ = run([TOOLS / script, *arguments], SECONDS["check"])
        tally.add_one(f"check {name}", code == 0)


@contextlib.contextmanager
def servers(folder):
    """Private servers for the drivers' tests: the variables under which those find them."""
    shutil.rmtree(folder, ignore_errors=True)
    postgres = Postgres(folder, durable=False)
    running = {"postgres": postgres, "mariadb": MariaDB(folder, durable=False),
               "pgbouncer": PgBouncer(folder, postgres)}
    try:
        for server in running.values():
            server.start()
        yield environment(running)
    finally:
        for server in reversed(running.values()):
            server.stop()


def run_unit_tests(tally, folder):
    report = folder / "meson-logs" / "testlog.junit.xml"
    report.unlink(missing_ok=True)
    with servers(folder / "unit-servers") as env:
        good = run_or_show(["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs"],
                           SECONDS["unit"], env)
    passed, failed = read_junit(report) if report.exists() else (0, 0)
    tally.add(f"unit tests of {folder.name}", passed, max(failed, crashed(folder), int(not good)))


def run_suite(name, program, env, marks):
    """Run tests/NAME with pytest: (exit status, output, report)."""
    report = program.parent / f"pytest-{name.replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    code, output = run(["/usr/bin/python3", "-m", "pytest", "-q", "-m", marks,
                        f"--junitxml={report}", ROOT / "tests" / name],
                       SECONDS["long" if marks == "long" else "suite"],
                       {"GODWIT_BIN": str(program), **env}, quiet=True)
    return (0 if code == 5 else code), output, report  # 5: no test in the folder was chosen


def run_suites(tally, names, program, env=None, marks="not long"):
    """Run those suites that exist, two at a time."""
    tests = ROOT / "tests"
    there = [name for name in names
             if (tests / name).is_file() or any((tests / name).rglob("test_*.py"))]
    for name in sorted(set(names) - set(there)):
        tally.add(f"tests/{name} (none yet)", 0, 0)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(run_suite, name, program, env or {}, marks) for name in there]
        for name, job in zip(there, jobs):
            code, output, report = job.result()
            print(output)
            passed, failed = read_junit(report) if report.exists() else (0, 0)
            tally.add(f"tests/{name}", passed, max(failed, int(code != 0)))


# What make asks for

def check_all(tally, options):
    install(tally, "check")
    built = build(tally, BUILD)
    run_static_checks(tally)
    if built:
        run_unit_tests(tally, BUILD)
        run_suites(tally, SUITES, BUILD / "godwit")
    if options.long:
        check_long(tally)


def check_long(tally):
    """What takes too long for every day: threads under TSan, faults at every point, a while of
    fuzzing."""
    if build(tally, THREAD_BUILD):
        run_unit_tests(tally, THREAD_BUILD)
        run_suites(tally, THREAD_SUITES, THREAD_BUILD / "godwit")
    if build(tally, FAULTS_BUILD):
        run_suites(tally, ["faults"], FAULTS_BUILD / "godwit", marks="long")
    install(tally, "fuzz")
    code, _ = run([TOOLS / "fuzz.sh", FUZZ_SECONDS], SECONDS["suite"])
    tally.add_one("fuzz", code == 0)


def check_samples(tally, options):
    install(tally, "check")
    samples = pathlib.Path(options.samples or ".").resolve()
    if not options.samples or not samples.is_dir():
        print(f"make check-samples SAMPLES=folder: '{options.samples}' is no folder")
        tally.add_one("samples", False)
        return
    if build(tally, BUILD):
        run_suites(tally, ["samples"], BUILD / "godwit", {"SAMPLES": str(samples)})


def check_static(tally, _options):
    build(tally, BUILD)
    run_static_checks(tally)


def check_unit(tally, _options):
    if build(tally, BUILD):
        run_unit_tests(tally, BUILD)


MODES = {"all": check_all, "samples": check_samples, "static": check_static, "unit": check_unit}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--long", action="store_true", help="also what takes many minutes")
    parser.add_argument("--samples", metavar="DIR", help="the folder of sample databases")
    options = parser.parse_args()
    tally = Tally()
    MODES[options.mode](tally, options)
    tally.finish()


main()
