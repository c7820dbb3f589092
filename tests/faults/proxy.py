"""A proxy on the loopback between godwit and a server, which cuts a connection where it hurts."""

import selectors
import socket
import threading
import time

CHUNK = 1 << 16
GRACE = 0.5  # how long the server gets to do what it was sent before the connection is cut


class Proxy:
    """Forwards everything."""

    def __init__(self, port):
        self.upstream = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(self.upstream) as server, \
                selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while all(self._pass_on(key.fileobj, key.data, key.fileobj is client)
                      for key, _ in selector.select()):
                pass

    def _pass_on(self, source, target, from_client):
        """Forward what is there; False at the end of the connection."""
        try:
            data = source.recv(CHUNK)
            self._let_through()
            if data:
                target.sendall(data)
        except OSError:
            return False
        if data and from_client and self._is_cut(data):
            time.sleep(GRACE)
            return False
        return bool(data)

    def _let_through(self):
        """Called before anything is passed on."""

    def _is_cut(self, data):
        """Whether the connection is to be cut once this has reached the server."""
        return False


class CommitCutter(Proxy):
    """Forwards everything, until the n-th COMMIT of a client has reached the server: its answer is
    not passed on, and both ends are closed."""

    def __init__(self, port, cut_at=0):
        self.cut_at = cut_at
        self.commits = 0
        self.cut = False
        self.lock = threading.Lock()
        super().__init__(port)

    def _is_cut(self, data):
        count = data.upper().count(b"COMMIT")
        with self.lock:
            before = self.commits
            self.commits += count
            if self.cut or not before < self.cut_at <= self.commits:
                return False
            self.cut = True
            return True


class Gate(Proxy):
    """Forwards everything while it is open. While it is shut nothing gets through, either way, and
    nobody is told: as where a network between two hosts is gone."""

    def __init__(self, port):
        self.is_open = threading.Event()
        self.is_open.set()
        super().__init__(port)

    def shut(self):
        self.is_open.clear()

    def open(self):
        self.is_open.set()

    def _let_through(self):
        self.is_open.wait()
