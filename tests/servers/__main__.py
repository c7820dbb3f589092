"""Servers for a shell: `python3 -m servers start DIR`, `stop DIR`, `kill DIR NAME`, `restart DIR NAME`.

`start` prints lines for a shell to evaluate, which also stand in DIR/env.sh. The servers live until
`stop`; what later calls need to know of them stands in DIR/servers.json.
"""

import argparse
import json
import pathlib
import sys

from servers import MariaDB, PgBouncer, Postgres
from servers.server import ServerError


def make(folder, durable, known):
    """The three servers by name: new ones, or those that `known` describes."""
    postgres = Postgres(folder, durable, linger=True, known=known.get("postgres"))
    mariadb = MariaDB(folder, durable, linger=True, known=known.get("mariadb"))
    pgbouncer = PgBouncer(folder, postgres, linger=True, known=known.get("pgbouncer"))
    return {"postgres": postgres, "mariadb": mariadb, "pgbouncer": pgbouncer}


def recall(folder):
    known = json.loads((folder / "servers.json").read_text())
    return make(folder, known["durable"], known)


def remember(folder, servers, durable):
    known = {name: server.state() for name, server in servers.items()}
    known["durable"] = durable
    (folder / "servers.json").write_text(json.dumps(known, indent=2) + "\n")


def write_environment(folder, postgres, mariadb, pgbouncer):
    values = {
        "GW_TEST_POSTGRES": postgres.url("godwit"),
        "GW_TEST_POSTGRES_ROOT": postgres.url("postgres", "postgres"),
        "GW_TEST_PGBOUNCER": pgbouncer.url("godwit"),
        "GW_TEST_PGBOUNCER_ADMIN": pgbouncer.url("pgbouncer", "postgres"),
        "GW_TEST_MARIADB": mariadb.url("godwit"),
        "GW_TEST_MARIADB_ROOT": mariadb.url("godwit", "root"),
        "GW_TEST_MARIADB_SOCKET": str(mariadb.socket),
    }
    lines = "".join(f"export {name}='{value}'\n" for name, value in values.items())
    (folder / "env.sh").write_text(lines)
    print(lines, end="")


def start(folder, durable):
    if (folder / "servers.json").exists():
        stop(folder)
    folder.mkdir(parents=True, exist_ok=True)
    servers = make(folder, durable, {})
    try:
        for server in servers.values():
            server.start()
    except BaseException:
        for server in servers.values():
            server.remove()
        raise
    remember(folder, servers, durable)
    write_environment(folder, **servers)


def stop(folder):
    """End all servers and delete their data."""
    for server in recall(folder).values():
        server.remove()
    (folder / "servers.json").unlink()
    (folder / "env.sh").unlink(missing_ok=True)


def kill(folder, name):
    """End one server as a crash would; `restart` brings it back on the same data and port."""
    recall(folder)[name].kill()


def restart(folder, name):
    servers = recall(folder)
    servers[name].restart()
    remember(folder, servers, servers["postgres"].durable)


def main():
    parser = argparse.ArgumentParser(prog="servers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("start", "stop", "kill", "restart"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("name", nargs="?", choices=("postgres", "mariadb", "pgbouncer"))
    parser.add_argument("--fast", action="store_true", help="do not write through to the disk")
    options = parser.parse_args()
    folder = options.folder.absolute()
    if options.action in ("kill", "restart") and options.name is None:
        parser.error(f"{options.action} needs the name of a server")
    try:
        if options.action == "start":
            start(folder, durable=not options.fast)
        elif options.action == "stop":
            stop(folder)
        else:
            {"kill": kill, "restart": restart}[options.action](folder, options.name)
    except (ServerError, FileNotFoundError) as error:
        sys.exit(f"servers: {error}")


if __name__ == "__main__":
    main()
