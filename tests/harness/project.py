"""A project folder for one test, and the built program run in it as a user runs it."""

import dataclasses
import json
import os
import re
import subprocess

RUN_SECONDS = 60
SANITIZER = re.compile(r"ERROR: (Address|Leak|Thread)Sanitizer|runtime error: |WARNING: ThreadSan")
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:exitcode=99",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
    "TSAN_OPTIONS": "halt_on_error=1:exitcode=99",
    "G_SLICE": "always-malloc",
}


@dataclasses.dataclass
class Result:
    """What a run of the program gave."""

    command: str
    code: int
    stdout: str
    stderr: str

    def json(self):
        return json.loads(self.stdout)

    def json_lines(self):
        return [json.loads(line) for line in self.stdout.splitlines()]

    def __str__(self):
        return (f"$ {self.command}\nexit {self.code}\n--- stdout\n{self.stdout}"
                f"--- stderr\n{self.stderr}")


class Project:
    """A folder with `godwit.yaml` and `migrations/`."""

    def __init__(self, folder, program, database=None):
        self.folder = folder
        self.program = program
        self.database = database
        self.env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder),
                    "LC_ALL": "C.UTF-8", "TZ": "UTC", **SANITIZER_OPTIONS}
        folder.mkdir(parents=True)
        if database is not None:
            self.configure()

    def configure(self, more="", url=None, target="dev"):
        """Write godwit.yaml with one target; `more` are lines under the target."""
        path = self.write("godwit.yaml", "project: test\nmigrations: migrations\ntargets:\n"
                          f"  {target}:\n    url: '{url or self.database.url}'\n"
                          + "".join(f"    {line}\n" for line in more.splitlines()))
        path.chmod(0o600)  # it may hold a password

    def write(self, path, text):
        """Write a file of the project, with the folders it needs; its path."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def migration(self, name, text):
        """Write `migrations/NAME`; NAME is 20240101000000_users or has an extension."""
        file = name if name.endswith((".sql", ".yaml")) else f"{name}.sql"
        return self.write(f"migrations/{file}", text)

    def start(self, *args, env=None, **options):
        """Start the program and do not wait: a Popen, for tests that kill it."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE}
        return subprocess.Popen([str(self.program), *map(str, args)], cwd=self.folder,
                                env={**self.env, **(env or {})}, **{**streams, **options})

    def run(self, *args, stdin=None, env=None, code=None, timeout=RUN_SECONDS):
        """Run `godwit ARGS` to its end. With `code`, that exit status is asserted."""
        source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        with self.start(*args, env=env, stdin=source) as process:
            try:
                out, err = process.communicate(None if stdin is None else stdin.encode(), timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                raise AssertionError(f"godwit {args} still ran after {timeout} s\n"
                                     f"{out.decode()}\n{err.decode()}") from None
        result = Result(" ".join(["godwit", *map(str, args)]), process.returncode,
                        out.decode(errors="replace"), err.decode(errors="replace"))
        assert not SANITIZER.search(result.stderr), str(result)
        assert code is None or result.code == code, f"expected exit {code}\n{result}"
        return result
