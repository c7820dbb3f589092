"""A run of the program at a terminal: what it shows, and answers typed to its questions."""

import os
import pty
import re
import select
import subprocess
import time

SECONDS = 30
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`with Terminal(project, "down") as terminal:`; all three streams are the terminal."""

    def __init__(self, project, *args, env=None):
        self.seen = ""
        self.code = None
        self.master, slave = pty.openpty()
        # A test that runs in continuous integration still has somebody at this terminal.
        self.process = project.start(*args, env={"TERM": "xterm", "CI": "false", **(env or {})},
                                     stdin=slave, stdout=slave, stderr=slave,
                                     start_new_session=True)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    def _read(self, seconds):
        """More output; False when there is none in time, or the program has ended."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += COLOURS.sub("", data.decode(errors="replace")).replace("\r\n", "\n")
        return bool(data)

    def expect(self, text):
        """Wait until the terminal shows `text`."""
        deadline = time.monotonic() + SECONDS
        while text not in self.seen:
            more = self._read(max(0, deadline - time.monotonic()))
            assert more or text in self.seen, f"no '{text}' in:\n{self.seen}"

    def type(self, text):
        os.write(self.master, text.encode())

    def finish(self):
        """Wait for the end; the exit status."""
        while self._read(SECONDS):
            pass
        try:
            self.code = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running:\n{self.seen}") from None
        return self.code
