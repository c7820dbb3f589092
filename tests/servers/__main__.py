"""Servers for a shell: python3 -m servers start DIR [NAME …], stop DIR, kill|restart DIR NAME …

`start` prints lines for a shell to evaluate, which also stand in DIR/env.sh. The servers live until
`stop`; what later calls need to know of them stands in DIR/servers.json.
"""

import argparse
import json
import pathlib
import sys

from servers import MariaDB, PgBouncer, Postgres
from servers.server import ServerError


NAMES = ("postgres", "mariadb", "pgbouncer")


def make(folder, durable, names, known):
    """Servers by name: new ones, or those that `known` describes."""
    servers = {}
    if "postgres" in names:
        servers["postgres"] = Postgres(folder, durable, linger=True, known=known.get("postgres"))
    if "mariadb" in names:
        servers["mariadb"] = MariaDB(folder, durable, linger=True, known=known.get("mariadb"))
    if "pgbouncer" in names:
        servers["pgbouncer"] = PgBouncer(folder, servers["postgres"], linger=True,
                                         known=known.get("pgbouncer"))
    return servers


def recall(folder):
    known = json.loads((folder / "servers.json").read_text())
    return make(folder, known["durable"], known, known), known["durable"]


def remember(folder, servers, durable):
    known = {name: server.state() for name, server in servers.items()}
    known["durable"] = durable
    (folder / "servers.json").write_text(json.dumps(known, indent=2) + "\n")


def environment(servers):
    """The variables under which tests and benches find the servers."""
    values = {}
    if "postgres" in servers:
        values["GW_TEST_POSTGRES"] = servers["postgres"].url("godwit")
        values["GW_TEST_POSTGRES_ROOT"] = servers["postgres"].url("postgres", "postgres")
    if "pgbouncer" in servers:
        values["GW_TEST_PGBOUNCER"] = servers["pgbouncer"].url("godwit")
        values["GW_TEST_PGBOUNCER_ADMIN"] = servers["pgbouncer"].url("pgbouncer", "postgres")
    if "mariadb" in servers:
        values["GW_TEST_MARIADB"] = servers["mariadb"].url("godwit")
        values["GW_TEST_MARIADB_ROOT"] = servers["mariadb"].url("godwit", "root")
        values["GW_TEST_MARIADB_SOCKET"] = str(servers["mariadb"].socket)
    return values


def start(folder, names, durable):
    if (folder / "servers.json").exists():
        stop(folder)
    folder.mkdir(parents=True, exist_ok=True)
    servers = make(folder, durable, names, {})
    try:
        for server in servers.values():
            server.start()
    except BaseException:
        for server in servers.values():
            server.remove()
        raise
    remember(folder, servers, durable)
    exports = "".join(f"export {key}='{value}'\n" for key, value in environment(servers).items())
    (folder / "env.sh").write_text(exports)
    print(exports, end="")


def stop(folder):
    """End all servers and delete their data."""
    for server in reversed(recall(folder)[0].values()):
        server.remove()
    (folder / "servers.json").unlink()
    (folder / "env.sh").unlink(missing_ok=True)


def kill(folder, names):
    """End servers as a crash would; `restart` brings them back on the same data and port."""
    for name in names:
        recall(folder)[0][name].kill()


def restart(folder, names):
    servers, durable = recall(folder)
    for name in names:
        servers[name].restart()
    remember(folder, servers, durable)


def parse():
    parser = argparse.ArgumentParser(prog="servers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("start", "stop", "kill", "restart"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--fast", action="store_true", help="do not write through to the disk")
    options = parser.parse_args()
    if set(options.names) - set(NAMES):
        parser.error(f"the servers are {', '.join(NAMES)}")
    if options.action in ("kill", "restart") and not options.names:
        parser.error(f"{options.action} needs the name of a server")
    if options.action == "start" and "pgbouncer" in options.names:
        options.names.append("postgres")
    return options


def main():
    options = parse()
    folder = options.folder.absolute()
    try:
        if options.action == "start":
            start(folder, options.names or NAMES, durable=not options.fast)
        elif options.action == "stop":
            stop(folder)
        else:
            {"kill": kill, "restart": restart}[options.action](folder, options.names)
    except (ServerError, FileNotFoundError) as error:
        sys.exit(f"servers: {error}")


if __name__ == "__main__":
    main()
