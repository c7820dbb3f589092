"""Sessions of the application, which hold locks and measure how long they are held up."""

import subprocess
import threading
import time

from servers.mariadb import PASSWORD


class Session:
    """One session of the database's own client, which is asked statement by statement."""

    def __init__(self, database):
        self.database = database
        command = {"postgres": self._psql, "mariadb": self._mariadb}[database.kind]()
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        ask_id = {"postgres": "SELECT pg_backend_pid();", "mariadb": "SELECT connection_id();"}
        self.id = self.ask(ask_id[database.kind])

    def _psql(self):
        return [self.database.server.bin / "psql", "-XqAt", *self.database._where()]

    def _mariadb(self):
        return ["mariadb", "--no-defaults", f"--socket={self.database.server.socket}", "-ugodwit",
                f"-p{PASSWORD}", "-BN", "--unbuffered", "--skip-reconnect", self.database.name]

    def send(self, sql):
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()

    def ask(self, sql):
        """Run a statement that gives one row; its line."""
        self.send(sql)
        return self.process.stdout.readline().strip()

    def lives(self):
        try:
            return self.ask("SELECT 'there';") == "there"
        except BrokenPipeError:
            return False

    def close(self):
        self.process.kill()
        self.process.communicate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Reader(Session):
    """Reads a table for some seconds in one statement, as a report would."""

    SLEEP = {"postgres": "SELECT id, pg_sleep({}) FROM {} LIMIT 1;",
             "mariadb": "SELECT id, sleep({}) FROM {} LIMIT 1;"}

    def __init__(self, database, table, seconds):
        super().__init__(database)
        self.query = self.SLEEP[database.kind].format(seconds, table)
        self.send(self.query)
        time.sleep(0.3)

    def wait(self):
        """Until it has read."""
        self.process.stdout.readline()


class Probe:
    """Reads a table every few milliseconds, and remembers the longest wait."""

    def __init__(self, database, table, pause=0.01):
        self.session = Session(database)
        self.query = f"SELECT count(*) FROM {table};"
        self.pause = pause
        self.longest = 0.0
        self.count = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._work)

    def _work(self):
        while not self.ended.wait(self.pause):
            began = time.monotonic()
            self.session.ask(self.query)
            self.longest = max(self.longest, time.monotonic() - began)
            self.count += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        self.session.close()
