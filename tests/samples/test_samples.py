"""Public sample databases as migrations: up, down by name, up again.

$SAMPLES is the folder with chinook/ and sakila/. Each file is loaded twice: by the database's own
client into a reference, and by godwit. Both must be the same, in schema and rows.
"""

import dataclasses
import os
import pathlib
import re

import pytest

import samples.downs as downs
from harness.database import MariadbDatabase, PostgresDatabase
from servers.mariadb import PASSWORD

SAMPLES = pathlib.Path(os.environ["SAMPLES"])
STRIPPED = re.compile(
    r"^(?:(?:DROP|CREATE) (?:DATABASE|SCHEMA) (?:IF EXISTS )?`?(?:sakila|chinook)`?;"
    r"|USE \S+;|\\c \S+)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)


@dataclasses.dataclass
class Sample:
    """Files that are run one after the other, each as a migration of its own."""

    name: str
    kind: str
    files: list
    superuser: str = ""  # Sakila gives its objects to the role postgres, and makes triggers


ALL = [
    Sample("chinook", "sqlite", ["chinook/Chinook_Sqlite.sql"]),
    Sample("chinook", "postgres", ["chinook/Chinook_PostgreSql.sql"]),
    Sample("chinook", "mariadb", ["chinook/Chinook_MySql.sql"]),
    Sample("sakila", "sqlite", ["sakila/sqlite-sakila-schema.sql"]),
    Sample("sakila", "postgres", ["sakila/postgres-sakila-schema.sql",
                                  "sakila/postgres-sakila-insert-data-using-copy.sql"],
           superuser="postgres"),
    Sample("sakila", "mariadb", ["sakila/mysql-sakila-schema.sql"], superuser="root"),
]


def read(path):
    """The file as a migration can be, and the lines that were taken out of it."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return STRIPPED.sub("", text), [match[0].strip() for match in STRIPPED.finditer(text)]


@pytest.fixture(params=ALL, ids=lambda sample: f"{sample.name}-{sample.kind}")
def sample(request):
    return request.param


@pytest.fixture
def database(request, sample, make_database):
    """An empty database with the name that the sample's own names have, for its superuser."""
    if not sample.superuser:
        yield make_database(sample.kind)
        return
    kind = {"postgres": PostgresDatabase, "mariadb": MariadbDatabase}[sample.kind]
    server = request.getfixturevalue(sample.kind)
    named = kind(server, sample.name, sample.superuser)
    if sample.kind == "mariadb":  # who makes a routine is root@localhost for the client as well
        named.url = f"mariadb://root:{PASSWORD}@localhost/{sample.name}?socket={server.socket}"
    named.empty()
    yield named
    named.drop()


def state(database):
    """Schema, rows, and what else stands in the catalog."""
    rows = database.dump_data()
    counts = {name: len(found) for name, found in rows.items()}
    return database.dump_schema(), rows, counts, downs.objects(database)


# Sakila's dump sets the comment and the rights of the schema public, which stays.
PUBLIC = """\
COMMENT ON SCHEMA public IS 'standard public schema';
REVOKE ALL ON SCHEMA public FROM postgres, PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


def migrations(sample, texts, down):
    """{file name: text}; the last one undoes everything."""
    if (sample.name, sample.kind) == ("sakila", "postgres"):
        down = PUBLIC + down
    last = len(texts) - 1
    return {f"2024010100000{number}_{sample.name}":
            f"-- migrate:up\n{text}\n-- migrate:down\n{down if number == last else 'SELECT 1;'}\n"
            for number, text in enumerate(texts)}


@pytest.mark.timeout(600)
def test_sample(sample, database, make_project, capsys):
    empty, texts = database.dump_schema(), []
    for file in sample.files:
        text, stripped = read(SAMPLES / file)
        with capsys.disabled():
            print("".join(f"\n{file}: stripped: {line}" for line in stripped), end="")
        database.sql(text)
        texts.append(text)
    expected = state(database)
    assert expected[2], "the client has loaded nothing"
    files = migrations(sample, texts, downs.write(database))
    database.empty()

    project = make_project(database)
    for name, text in files.items():
        project.migration(name, text)
    for _ in range(2):
        project.run("up", code=0, timeout=300)
        for found, wanted in zip(state(database), expected):
            assert found == wanted
        project.run("down", "--to", "0", "--yes", code=0, timeout=300)
        assert downs.objects(database) == []
        assert database.dump_schema() == empty
