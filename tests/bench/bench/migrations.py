"""The same migrations as godwit, a client and the other tools want them.

Number 1 makes what the others need, number 2 writes down the durability settings that the session
has; then come `count` trivial ones: a row each, or a table each.
"""

import dataclasses

SETUP_UP = ["CREATE TABLE things (id integer PRIMARY KEY, name varchar(40) NOT NULL)",
            "CREATE TABLE durability (settings varchar(200) NOT NULL)"]
SETUP_DOWN = ["DROP TABLE things", "DROP TABLE durability"]


@dataclasses.dataclass
class Migration:
    number: int
    name: str
    up: list
    down: list

    @property
    def version(self):
        return f"{20240101000000 + self.number}"


def trivial(kind, number):
    """One of the trivial ones: (up, down)."""
    if kind == "tables":
        return (f"CREATE TABLE t{number} (id integer PRIMARY KEY, name varchar(40))",
                f"DROP TABLE t{number}")
    return (f"INSERT INTO things (id, name) VALUES ({number}, 'thing {number}')",
            f"DELETE FROM things WHERE id = {number}")


def make(kind, count, durability):
    """All migrations of a project; `durability` is a SELECT that shows the session's settings."""
    first = Migration(0, "setup", SETUP_UP, SETUP_DOWN)
    second = Migration(1, "durability", [f"INSERT INTO durability (settings) {durability}"],
                       ["DELETE FROM durability"])
    rest = []
    for number in range(2, count + 2):
        up, down = trivial(kind, number)
        rest.append(Migration(number, f"thing_{number}", [up], [down]))
    return [first, second, *rest]


def joined(statements):
    return "".join(f"{statement};\n" for statement in statements)


def write_sections(folder, migrations):
    """Files of godwit and dbmate."""
    folder.mkdir(parents=True)
    for one in migrations:
        (folder / f"{one.version}_{one.name}.sql").write_text(
            f"-- migrate:up\n{joined(one.up)}\n-- migrate:down\n{joined(one.down)}")


def write_script(path, migrations, direction, begin="BEGIN"):
    """One file for a client: for each migration a transaction with one change of the history."""
    history = "schema_history"
    parts = []
    if direction == "up":
        parts.append(f"CREATE TABLE {history} (version varchar(40) PRIMARY KEY,"
                     " applied timestamp DEFAULT CURRENT_TIMESTAMP);\n")
    for one in migrations if direction == "up" else reversed(migrations):
        change = (f"INSERT INTO {history} (version) VALUES ('{one.version}');\n"
                  if direction == "up" else
                  f"DELETE FROM {history} WHERE version = '{one.version}';\n")
        body = joined(one.up if direction == "up" else one.down)
        parts.append(f"{begin};\n{body}{change}COMMIT;\n")
    path.write_text("".join(parts))


def javascript(statements):
    calls = "".join(f"  await knex.raw({statement!r});\n" for statement in statements)
    return f"async (knex) => {{\n{calls}}};\n"


def write_knex(folder, migrations):
    folder.mkdir(parents=True)
    for one in migrations:
        (folder / f"{one.version}_{one.name}.js").write_text(
            f"exports.up = {javascript(one.up)}exports.down = {javascript(one.down)}")


def python(name, statements):
    calls = "".join(f"    op.execute({statement!r})\n" for statement in statements)
    return f"\n\ndef {name}():\n{calls}"


def write_alembic(folder, migrations):
    folder.mkdir(parents=True)
    before = None
    for one in migrations:
        (folder / f"{one.version}_{one.name}.py").write_text(
            f"from alembic import op\n\nrevision = {one.version!r}\ndown_revision = {before!r}\n"
            f"{python('upgrade', one.up)}{python('downgrade', one.down)}")
        before = one.version
