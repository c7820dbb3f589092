"""What all test servers share: an unprivileged owner, a folder, a port, a process."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

START_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1

# Looked up here, not after fork, where loading a library could deadlock.
_prctl = ctypes.CDLL(None, use_errno=True).prctl


class ServerError(Exception):
    """A server that does not start, stop or answer; the text holds the end of its log."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(is_done, seconds, what):
    """Ask `is_done` until it says yes; a bounded wait."""
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise ServerError(f"gave up after {seconds} s waiting for {what}")
        time.sleep(0.02)


def is_alive(pid):
    """Whether `pid` runs (a zombie does not)."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def children(pid):
    """The processes that `pid` started."""
    try:
        return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def send(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


def sweep(folder, pattern):
    """Delete what killed runs have left; a process id stands after the name's first dash."""
    for path in folder.glob(pattern):
        owner = path.name.split("-")[1]
        if owner.isdigit() and not is_alive(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def unprivileged_user(*names):
    """Servers refuse to run as root: the first of these users that exists, or whoever we are."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in (*names, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("running as root, and there is no unprivileged user to run a server as")


def is_reachable(folder):
    """Whether another user may enter every folder down to this one."""
    if os.geteuid() != 0:
        return True
    return all(part.stat().st_mode & 0o001 for part in folder.absolute().parents if part.exists())


class Server:
    """One server. Subclasses say how to make its data, its command line and how to ask if it is up.

    The folder holds `data/`, `log` and `pid`; `run` is a short folder for sockets, whose names may
    have no more than 107 bytes.
    """

    name = "server"
    users = ()
    stop_signal = signal.SIGTERM
    orphan_signal = signal.SIGKILL  # what the server gets when its starter dies

    def __init__(self, folder, durable=True, linger=False, known=None):
        known = known or {}  # state() of a server that another process started
        self.user = unprivileged_user(*self.users)
        self.durable = durable
        self.linger = linger  # outlive the process that starts it
        self.folder = pathlib.Path(known.get("folder") or self._make_folder(folder))
        self.run = pathlib.Path(known.get("run") or self._make_run())
        self.port = known.get("port") or free_port()
        self.pid = known.get("pid")
        self.process = None
        self.data = self.folder / "data"
        self.log = self.folder / "log"

    def state(self):
        """What another process needs to go on with this server."""
        return {"pid": self.pid, "port": self.port, "run": str(self.run),
                "folder": str(self.folder)}

    # What a subclass says

    def create(self):
        """Make the data folder."""

    def command(self):
        """The arguments that run the server in the foreground."""
        raise NotImplementedError

    def is_ready(self):
        """Whether the server answers."""
        raise NotImplementedError

    def prepare(self):
        """Make users and what else is needed, once, when the server runs for the first time."""

    # What a test does

    def start(self):
        """Create the data if there is none, start, and wait until the server answers."""
        fresh = not self.data.exists()
        if fresh:
            self.data.mkdir()
            self._give(self.data)
            self.create()
        self._spawn()
        if fresh:
            self.prepare()
        return self

    def stop(self):
        """Shut down in order; by force if that takes too long."""
        if not self.is_running():
            return
        send(self.pid, self.stop_signal)
        try:
            wait_until(lambda: not self.is_running(), STOP_SECONDS, f"{self.name} to stop")
        except ServerError as error:
            self.kill()
            raise ServerError(f"{error}{self.log_tail()}") from None

    def kill(self):
        """End the server and its children at once, as a crash of the machine would."""
        if not self.is_running():
            return
        family = [self.pid, *children(self.pid)]
        for pid in family:
            send(pid, signal.SIGKILL)
        wait_until(lambda: not self.is_running() and not any(map(is_alive, family)),
                   STOP_SECONDS, f"{self.name} to die")

    def restart(self):
        """Start again on the same data and port, after stop() or kill()."""
        self.stop()
        self._spawn()

    def remove(self):
        """Stop, and delete everything."""
        try:
            self.stop()
        except ServerError:
            pass  # killed by then
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_running(self):
        if self.process is not None:
            self.process.poll()  # reaps it
        return self.pid is not None and is_alive(self.pid)

    def log_tail(self, lines=20):
        if not self.log.exists():
            return ""
        tail = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n" + "\n".join(f"  {self.name}: {line}" for line in tail)

    # How it is done

    def _make_folder(self, parent):
        folder = pathlib.Path(parent).absolute() / self.name
        if not is_reachable(folder):
            folder = self._make_temporary(f"{self.name}-data", "/var/tmp")
            folder.chmod(0o755)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _make_run(self):
        run = self._make_temporary(self.name, "/tmp")
        self._give(run, 0o755)
        return run

    def _make_temporary(self, name, where):
        sweep(pathlib.Path(where), f"gw-*-{name}-*")
        owner = "lingers" if self.linger else os.getpid()
        return pathlib.Path(tempfile.mkdtemp(prefix=f"gw-{owner}-{name}-", dir=where))

    def _give(self, path, mode=0o700):
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        path.chmod(mode)

    def write(self, name, text):
        """Write a file that the server's user may read."""
        (self.folder / name).write_text(text)
        self._give(self.folder / name)

    def _identity(self):
        """Arguments of subprocess that make a child run as the server's user."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _environment(self):
        return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run_as_user(self, *command, stdin=""):
        """Run a short-lived program as the server's user; its standard output."""
        done = subprocess.run([str(part) for part in command], input=stdin, text=True,
                              capture_output=True, timeout=START_SECONDS, cwd="/",
                              env=self._environment(), check=False, **self._identity())
        if done.returncode != 0:
            raise ServerError(f"{command[0]} failed with {done.returncode}:\n"
                              f"{done.stdout}{done.stderr}{self.log_tail()}")
        return done.stdout

    def _die_with_parent(self):
        _prctl(PR_SET_PDEATHSIG, self.orphan_signal)

    def _spawn(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command()], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd="/", env=self._environment(), start_new_session=True,
                preexec_fn=None if self.linger else self._die_with_parent, **self._identity())
        self.pid = self.process.pid
        wait_until(self._answers_or_died, START_SECONDS, f"{self.name} to start")

    def _answers_or_died(self):
        if not self.is_running():
            raise ServerError(f"{self.name} ended while starting{self.log_tail()}")
        return self.is_ready()
