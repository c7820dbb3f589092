"""`doctor` tells what is wrong without changing anything; `wait` waits for what may still come."""

import os
import socket
import threading
import time

import pytest

NOWHERE = "postgres://ada@127.0.0.1:1/shop"


def checks(result):
    return {check["name"]: check for check in result.json()["checks"]}


def test_a_healthy_target_has_no_bad_line(project, database):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n")
    if database.kind == "sqlite":
        database.sql("CREATE TABLE other (a integer)")
    found = checks(project.run("doctor", "--json", code=0))
    for name in ["configuration", "target", "connection", "version", "clock", "ledger",
                 "migrations"]:
        assert name in found
        assert not found[name]["bad"]
    assert found["migrations"]["found"].startswith("1 in ")
    assert [name for name in database.tables(ledger=True) if name.startswith("godwit")] == []


def test_the_ledger_and_its_lock_are_told(project):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n")
    project.run("up", code=0)
    found = checks(project.run("doctor", "--json", code=0))
    assert "format 1, 1 migrations" in found["ledger"]["found"]
    assert found["run lock"]["found"] == "free"


def test_an_unreachable_database_is_one_bad_line_among_others(make_project):
    project = make_project()
    project.write("godwit.yaml", f"targets: {{dev: {{url: '{NOWHERE}'}}}}\n")
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n")
    result = project.run("doctor", "--json", code=3)
    found = checks(result)
    assert found["connection"]["bad"]
    assert not found["migrations"]["bad"]


def test_two_files_of_one_version_are_a_bad_line(project, database):
    if database.kind == "sqlite":
        database.sql("CREATE TABLE other (a integer)")
    project.migration("1_a", "-- migrate:up\nCREATE TABLE a (a integer);\n")
    project.migration("1_b", "-- migrate:up\nCREATE TABLE b (a integer);\n")
    found = checks(project.run("doctor", "--json", code=1))
    assert found["migrations"]["bad"]


def test_a_password_that_others_can_read_is_a_bad_line(make_project):
    project = make_project()
    path = project.write("godwit.yaml",
                         "targets: {dev: {url: 'postgres://a:pw@127.0.0.1:1/x'}}\n")
    path.chmod(0o644)
    result = project.run("doctor", "--json", code=3)
    assert checks(result)["secrets"]["bad"]
    assert "chmod 600" in checks(result)["secrets"]["fix"]
    assert "pw@" not in result.stdout
    path.chmod(0o600)
    assert not checks(project.run("doctor", "--json", code=3))["secrets"]["bad"]


def test_another_environment_is_a_bad_line(project, database):
    project.migration("1_t", "-- migrate:up\nCREATE TABLE t (a integer);\n")
    project.run("up", env={"GODWIT_ENVIRONMENT": "staging"}, code=0)
    found = checks(project.run("doctor", "--json", env={"GODWIT_ENVIRONMENT": "production"},
                               code=1))
    assert found["environment"]["bad"]
    assert "staging" in found["environment"]["found"]


def test_wait_ends_at_once_when_the_database_answers(project, database):
    if database.kind == "sqlite":
        database.sql("CREATE TABLE other (a integer)")
    assert project.run("wait", "--json", code=0).json()["waited_us"] < 20_000_000


def test_wait_gives_up_when_the_time_is_over(make_project):
    project = make_project()
    began = time.monotonic()
    result = project.run("wait", "--timeout", "600ms", env={"DATABASE_URL": NOWHERE}, code=3)
    assert 0.5 < time.monotonic() - began < 20
    assert "600 ms" in result.stderr
    project.run("wait", "--timeout", "soon", env={"DATABASE_URL": NOWHERE}, code=2)


@pytest.mark.parametrize("database", ["postgres", "mariadb"], indirect=True)
def test_wait_does_not_wait_for_a_database_that_does_not_exist(make_project, database):
    project = make_project()
    url = database.url.replace(database.name, "gw_not_there")
    began = time.monotonic()
    project.run("wait", "--timeout", "50s", env={"DATABASE_URL": url}, code=3)
    assert time.monotonic() - began < 20


def test_wait_waits_for_a_server_that_comes_up(make_project, postgres):
    """A door that opens after a second, and leads to the real server."""
    project = make_project()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]

        def serve():
            time.sleep(1)
            door.listen(8)
            while True:
                try:
                    client, _ = door.accept()
                except OSError:
                    return
                threading.Thread(target=pass_on, args=(client,), daemon=True).start()

        def pass_on(client):
            server = socket.socket(socket.AF_UNIX)
            server.connect(os.path.join(postgres.run, f".s.PGSQL.{postgres.port}"))
            for source, sink in [(client, server), (server, client)]:
                threading.Thread(target=copy, args=(source, sink), daemon=True).start()

        def copy(source, sink):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.close()

        threading.Thread(target=serve, daemon=True).start()
        url = f"postgres://godwit@127.0.0.1:{port}/postgres?sslmode=disable"
        result = project.run("wait", "--timeout", "50s", "--json", env={"DATABASE_URL": url},
                             code=0).json()
        assert result["waited_us"] > 900_000
