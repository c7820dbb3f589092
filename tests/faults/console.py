"""The database's own client, kept open: to look at a database, no program has to start."""

import subprocess

from harness.database import ClientError
from servers.mariadb import PASSWORD

END = "-- that was all --"


class Console:
    """One client of a server's superuser; it starts anew when the server had gone."""

    def __init__(self, command, mark):
        self.command = [str(word) for word in command]
        self.mark = mark
        self.process = None

    def ask(self, text):
        """Run statements; the lines that they print."""
        done, lines = self._try(text)
        if not done:
            self.close()
            done, lines = self._try(text)
        if not done:
            self.close()
            raise ClientError("\n".join(lines))
        return lines

    def _try(self, text):
        """(whether all of it ran, what was printed)"""
        if self.process is None:
            self.process = subprocess.Popen(self.command, text=True, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            self.process.stdin.write(f"{text}\n{self.mark}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return False, ["the client has ended"]
        lines = []
        while (line := self.process.stdout.readline()) != f"{END}\n":
            if not line:
                return False, lines
            lines.append(line.rstrip("\n"))
        return True, lines

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.stdout.close()
            self.process.wait()
            self.process = None

    __del__ = close


def postgres_console(server):
    return Console([server.bin / "psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1",
                    "-h", server.run, "-p", server.port, "-U", "postgres", "postgres"],
                   f"\\echo {END}")


def mariadb_console(server):
    return Console(["mariadb", "--no-defaults", f"--socket={server.socket}", "-uroot",
                    f"-p{PASSWORD}", "-BN", "--unbuffered", "--comments", "--skip-reconnect",
                    "--default-character-set=utf8mb4"], f"SELECT '{END}';")
