"""A project of thirty migrations for each database, and what is true after they ran.

Each migration does something another way: tables, rows, indexes, views, triggers, routines, enum
types, partitions, sections outside a transaction, phases, checks. Each section also appends a row
to the table `effects`, which is made before the first run and belongs to no migration: it tells
without godwit's ledger how often every section ran.
"""

import dataclasses

COUNT = 30
USERS = 50

EFFECTS = {
    "sqlite": "CREATE TABLE effects (id integer PRIMARY KEY AUTOINCREMENT,"
              " version varchar(20) NOT NULL, what varchar(20) NOT NULL);",
    "postgres": "CREATE TABLE effects (id bigserial PRIMARY KEY,"
                " version varchar(20) NOT NULL, what varchar(20) NOT NULL);",
    "mariadb": "CREATE TABLE effects (id bigint AUTO_INCREMENT PRIMARY KEY,"
               " version varchar(20) NOT NULL, what varchar(20) NOT NULL);",
}

FILL_USERS = "INSERT INTO users (id, email, name) VALUES\n" + ",\n".join(
    f"  ({i}, 'user{i}@example.org', 'User {i}')" for i in range(1, USERS + 1)) + ";"

# Texts on which a splitter or an escaper could fail; lines 2 and 3 are the same everywhere.
FILL_PRODUCTS = """\
INSERT INTO products (id, name, price) VALUES
  (1, 'semicolon; -- no comment', 1.50), -- it's a comment; with a quote
  (2, 'quote '' and "double"', 2.25),
  /* ; ' */ (3, '/* no comment */ $tag$ ${no_variable} :chunk', 3),
  (4, '\N{SNOWMAN} \N{LATIN SMALL LETTER A WITH DIAERESIS}', 4);"""

OPEN_ORDERS = """\
CREATE VIEW open_orders AS
  SELECT o.id, u.email, o.total FROM orders o JOIN users u ON u.id = o.user_id
  WHERE o.state = 'new';"""
OPEN_ORDERS_OF = OPEN_ORDERS.replace("o.total", "o.total, u.status")


@dataclasses.dataclass
class Migration:
    """Texts are SQL, or {kind: SQL}; `sections` are (marker, what `effects` calls it, SQL)."""

    name: str
    sections: list

    def text(self, kind, version):
        lines = [f"-- {self.name.replace('_', ' ').capitalize()}."]
        for number, (marker, what, sql) in enumerate(self.sections):
            marker, sql = pick(marker, kind), pick(sql, kind)
            effect = f"INSERT INTO effects (version, what) VALUES ('{version}', '{what}');"
            if what is None:
                body = [sql]
            elif (int(version[-2:]) + number) % 3 == 0:  # first here, last there
                body = [effect, sql]
            else:
                body = [sql, effect]
            lines += [f"-- migrate:{marker}", *body]
        return "\n".join(lines) + "\n"


def pick(text, kind):
    return text[kind] if isinstance(text, dict) else text


def plain(name, up, down, up_marker="up", down_marker="down"):
    return Migration(name, [(up_marker, "up", up), (down_marker, "down", down)])


def by(sqlite, postgres, mariadb):
    return {"sqlite": sqlite, "postgres": postgres, "mariadb": mariadb}


def drop_index(name, table, concurrently=""):
    plain_drop = f"DROP INDEX {name};"
    return by(plain_drop, f"DROP INDEX {concurrently}{name};", f"DROP INDEX {name} ON {table};")


AUDIT_TRIGGER = by("""\
CREATE TRIGGER orders_audit AFTER INSERT ON orders
BEGIN
  INSERT INTO audit (order_id, what) VALUES (NEW.id, CASE WHEN NEW.total > 5 THEN 'big; one'
    ELSE 'small' END);
END;""", """\
CREATE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO audit (order_id, what)
    VALUES (NEW.id, CASE WHEN NEW.total > 5 THEN 'big; one' ELSE 'small' END);
  RETURN NEW;
END;
$body$;
CREATE TRIGGER orders_audit AFTER INSERT ON orders
  FOR EACH ROW EXECUTE FUNCTION audit_order();""", """\
CREATE TRIGGER orders_audit AFTER INSERT ON orders FOR EACH ROW
BEGIN
  INSERT INTO audit (order_id, what)
    VALUES (NEW.id, CASE WHEN NEW.total > 5 THEN 'big; one' ELSE 'small' END);
END;""")

ROUTINES = by("""\
CREATE TRIGGER users_no_upper BEFORE UPDATE OF email ON users WHEN NEW.email <> lower(NEW.email)
BEGIN
  SELECT CASE WHEN length(NEW.email) > 0 THEN RAISE(ABORT, 'lower case; please') END;
END;""", """\
CREATE FUNCTION total_of(the_user integer) RETURNS bigint LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT sum(total) FROM orders WHERE user_id = the_user;
END;
CREATE PROCEDURE close_orders(the_user integer) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE orders SET state = 'closed' WHERE user_id = the_user;
END $$;""", """\
CREATE FUNCTION total_of(the_user integer) RETURNS bigint READS SQL DATA
BEGIN
  DECLARE found bigint DEFAULT 0;
  SELECT sum(total) INTO found FROM orders WHERE user_id = the_user;
  RETURN found;
END;
CREATE PROCEDURE close_orders(the_user integer)
BEGIN
  IF the_user > 0 THEN
    UPDATE orders SET state = 'closed' WHERE user_id = the_user;
  END IF;
END;""")

PRODUCTS = by("""\
CREATE TABLE products (
  id integer PRIMARY KEY, name text NOT NULL DEFAULT 'it''s; new', price numeric(10,2) NOT NULL,
  doubled numeric GENERATED ALWAYS AS (price * 2) VIRTUAL, data blob);""", """\
CREATE TABLE products (
  id integer PRIMARY KEY, name text NOT NULL DEFAULT 'it''s; new', price numeric(10,2) NOT NULL,
  doubled numeric GENERATED ALWAYS AS (price * 2) STORED, data jsonb DEFAULT '{"a": [1]}');""", """\
CREATE TABLE products (
  id integer PRIMARY KEY, name varchar(200) NOT NULL DEFAULT 'it''s; new',
  price decimal(10,2) NOT NULL, doubled decimal(12,2) AS (price * 2) PERSISTENT,
  data json DEFAULT '{"a": [1]}');""")


def rebuild_goods(price):
    """SQLite's way to change a column's type, with a table that refers to this one."""
    return f"""\
PRAGMA foreign_keys = OFF;
CREATE TABLE goods_new (
  id integer PRIMARY KEY, name text NOT NULL DEFAULT 'it''s; new', price {price} NOT NULL,
  doubled numeric GENERATED ALWAYS AS (price * 2) VIRTUAL, data blob);
INSERT INTO goods_new (id, name, price, data) SELECT id, name, price, data FROM goods;
DROP TABLE goods;
ALTER TABLE goods_new RENAME TO goods;
CREATE INDEX goods_name_idx ON goods (lower(name)) WHERE price > 0;
PRAGMA foreign_keys = ON;"""


def retype_goods(digits):
    return by(rebuild_goods(f"numeric{digits}"), f"""\
ALTER TABLE goods DROP COLUMN doubled;
ALTER TABLE goods ALTER COLUMN price TYPE numeric{digits};
ALTER TABLE goods ADD COLUMN doubled numeric GENERATED ALWAYS AS (price * 2) STORED;""", f"""\
ALTER TABLE goods DROP COLUMN doubled;
ALTER TABLE goods MODIFY price decimal{digits} NOT NULL;
ALTER TABLE goods ADD COLUMN doubled decimal(16,4) AS (price * 2) PERSISTENT;""")


MIGRATIONS = [
    plain("users",
          "CREATE TABLE users (id integer PRIMARY KEY, email varchar(200) NOT NULL,\n"
          "  name varchar(100), age varchar(10), created varchar(30) DEFAULT '2024-01-01');",
          "DROP TABLE users;"),
    plain("fill_users", FILL_USERS, "DELETE FROM users;"),
    plain("unique_emails", "CREATE UNIQUE INDEX users_email_idx ON users (email);",
          drop_index("users_email_idx", "users")),
    plain("orders",
          "CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL,\n"
          "  state varchar(10) NOT NULL, total integer NOT NULL,\n"
          "  CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));",
          "DROP TABLE orders;"),
    plain("fill_orders",
          "INSERT INTO orders SELECT id, id, 'new', id * 10 FROM users WHERE id <= 30;",
          "DELETE FROM orders;"),
    plain("orders_by_state", "CREATE INDEX orders_state_idx ON orders (state, total);",
          drop_index("orders_state_idx", "orders")),
    plain("open_orders", OPEN_ORDERS, "DROP VIEW open_orders;"),
    plain("status_of_users",
          "ALTER TABLE users ADD COLUMN status varchar(20) NOT NULL DEFAULT 'active';",
          "ALTER TABLE users DROP COLUMN status;"),
    plain("dormant_users", "UPDATE users SET status = 'dormant' WHERE id > 40;",
          "UPDATE users SET status = 'active';"),
    plain("audit",
          {kind: "CREATE TABLE audit (order_id integer NOT NULL, what varchar(20));\n" + trigger
           for kind, trigger in AUDIT_TRIGGER.items()},
          by("DROP TRIGGER orders_audit;\nDROP TABLE audit;",
             "DROP TRIGGER orders_audit ON orders;\nDROP FUNCTION audit_order();\n"
             "DROP TABLE audit;",
             "DROP TRIGGER orders_audit;\nDROP TABLE audit;")),
    plain("audited_orders",
          "INSERT INTO orders VALUES (1001, 1, 'late', 3), (1002, 2, 'late', 30);",
          "DELETE FROM orders WHERE id > 1000;\nDELETE FROM audit;"),
    plain("routines", ROUTINES,
          by("DROP TRIGGER users_no_upper;",
             "DROP PROCEDURE close_orders(integer);\nDROP FUNCTION total_of(integer);",
             "DROP PROCEDURE close_orders;\nDROP FUNCTION total_of;")),
    plain("moods",
          by("CREATE TABLE moods (user_id integer, mood text CHECK (mood IN ('sad', 'o;k')));",
             "CREATE TYPE mood AS ENUM ('sad', 'o;k');\n"
             "CREATE TABLE moods (user_id integer, mood mood);",
             "CREATE TABLE moods (user_id integer, mood enum('sad', 'o;k'));"),
          by("DROP TABLE moods;", "DROP TABLE moods;\nDROP TYPE mood;", "DROP TABLE moods;")),
    plain("names_while_others_write",
          by("CREATE INDEX users_name_idx ON users (name);",
             "CREATE INDEX CONCURRENTLY users_name_idx ON users (name);",
             "CREATE INDEX users_name_idx ON users (name);"),
          drop_index("users_name_idx", "users", "CONCURRENTLY "),
          "up transaction:false", "down transaction:false"),
    plain("products", PRODUCTS, "DROP TABLE products;"),
    plain("fill_products", FILL_PRODUCTS, "DELETE FROM products;"),
    plain("order_items",
          "CREATE TABLE order_items (order_id integer NOT NULL, product_id integer NOT NULL,\n"
          "  amount integer NOT NULL DEFAULT 1 CHECK (amount > 0),\n"
          "  PRIMARY KEY (order_id, product_id),\n"
          "  CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders (id),\n"
          "  CONSTRAINT items_product FOREIGN KEY (product_id) REFERENCES products (id));",
          "DROP TABLE order_items;"),
    plain("fill_order_items",
          "INSERT INTO order_items (order_id, product_id, amount)\n"
          "  SELECT o.id, p.id, o.id + p.id FROM orders o CROSS JOIN products p;",
          "DELETE FROM order_items WHERE product_id > 2;\nDELETE FROM order_items;"),
    plain("full_names", "ALTER TABLE users RENAME COLUMN name TO full_name;",
          "ALTER TABLE users RENAME COLUMN full_name TO name;"),
    plain("products_are_goods", "ALTER TABLE products RENAME TO goods;",
          "ALTER TABLE goods RENAME TO products;"),
    plain("goods_by_name",
          by("CREATE INDEX goods_name_idx ON goods (lower(name)) WHERE price > 0;",
             "CREATE INDEX goods_name_idx ON goods (lower(name)) WHERE price > 0;",
             "CREATE INDEX goods_name_idx ON goods (name(10), price);"),
          drop_index("goods_name_idx", "goods")),
    plain("sums",
          by("CREATE VIEW sums AS SELECT user_id, sum(total) AS total FROM orders GROUP BY 1;",
             "CREATE MATERIALIZED VIEW sums AS\n"
             "  SELECT user_id, sum(total) AS total FROM orders GROUP BY 1;\n"
             "CREATE UNIQUE INDEX sums_user_idx ON sums (user_id);",
             "CREATE VIEW sums AS SELECT user_id, sum(total) AS total FROM orders GROUP BY 1;"),
          by("DROP VIEW sums;", "DROP MATERIALIZED VIEW sums;", "DROP VIEW sums;")),
    plain("finer_prices", retype_goods("(14,4)"), retype_goods("(10,2)")),
    plain("open_orders_with_status",
          by(f"DROP VIEW open_orders;\n{OPEN_ORDERS_OF}",
             OPEN_ORDERS_OF.replace("CREATE", "CREATE OR REPLACE"),
             OPEN_ORDERS_OF.replace("CREATE", "CREATE OR REPLACE")),
          f"DROP VIEW open_orders;\n{OPEN_ORDERS}"),
    plain("no_age", "ALTER TABLE users DROP COLUMN age;",
          "ALTER TABLE users ADD COLUMN age varchar(10);"),
    Migration("notes_in_phases", [
        ("expand", "expand", "ALTER TABLE orders ADD COLUMN note varchar(50);\n"
         "UPDATE orders SET note = 'old' WHERE id < 10;"),
        ("verify", None, "SELECT id FROM orders WHERE note IS NULL AND id < 10;"),
        ("contract", "contract", drop_index("orders_state_idx", "orders")),
        ("down phase:contract", "down contract",
         "CREATE INDEX orders_state_idx ON orders (state, total);"),
        ("down phase:expand", "down expand", "ALTER TABLE orders DROP COLUMN note;")]),
    Migration("checked_prices", [
        ("up", "up", by(
            "CREATE TABLE prices (id integer PRIMARY KEY, price numeric CHECK (price >= 0));\n"
            "INSERT INTO prices SELECT id, price FROM goods;",
            "ALTER TABLE goods ADD CONSTRAINT goods_price CHECK (price >= 0) NOT VALID;\n"
            "ALTER TABLE goods VALIDATE CONSTRAINT goods_price;",
            "ALTER TABLE goods ADD CONSTRAINT goods_price CHECK (price >= 0);")),
        ("verify", None, "SELECT id FROM goods WHERE price < 0;"),
        ("down", "down", by("DROP TABLE prices;", "ALTER TABLE goods DROP CONSTRAINT goods_price;",
                            "ALTER TABLE goods DROP CONSTRAINT goods_price;"))]),
    plain("archive",
          by("CREATE TABLE archive (id text PRIMARY KEY, body any) STRICT, WITHOUT ROWID;\n"
             "INSERT INTO archive VALUES ('a', x'00ff'), ('b', 1.5);",
             "CREATE SCHEMA archive;\nCREATE SEQUENCE archive.numbers START 100;\n"
             "CREATE DOMAIN archive.positive AS integer CHECK (VALUE > 0);\n"
             "CREATE TABLE archive.old_orders (id bigint PRIMARY KEY DEFAULT"
             " nextval('archive.numbers'), total archive.positive);\n"
             "COMMENT ON TABLE archive.old_orders IS 'what was; once';\n"
             "INSERT INTO archive.old_orders (total) VALUES (7);",
             "CREATE SEQUENCE archive_numbers START WITH 100;\n"
             "CREATE TABLE archive (id bigint PRIMARY KEY DEFAULT (NEXTVAL(archive_numbers)),"
             " total integer) COMMENT 'what was; once';\n"
             "INSERT INTO archive (total) VALUES (7);"),
          by("DROP TABLE archive;",
             "DROP TABLE archive.old_orders;\nDROP DOMAIN archive.positive;\n"
             "DROP SEQUENCE archive.numbers;\nDROP SCHEMA archive;",
             "DROP TABLE archive;\nDROP SEQUENCE archive_numbers;")),
    plain("visits",
          by("CREATE TABLE visits (day text NOT NULL, page text);\n"
             "INSERT INTO visits VALUES ('2024-01-01', '/'), ('2025-01-01', NULL);\n"
             "CREATE INDEX visits_day_idx ON visits (day DESC);",
             "CREATE TABLE visits (day date NOT NULL, page text) PARTITION BY RANGE (day);\n"
             "CREATE TABLE visits_2024 PARTITION OF visits"
             " FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n"
             "CREATE TABLE visits_rest PARTITION OF visits DEFAULT;\n"
             "COPY visits (day, page) FROM stdin;\n"
             "2024-01-01\t/\n2025-01-01\t\\N\n2024-06-01\ta;b -- \\\\ 'c\n\\.",
             "CREATE TABLE visits (day date NOT NULL, page varchar(100))\n"
             "  PARTITION BY RANGE (year(day)) (PARTITION p2024 VALUES LESS THAN (2025),\n"
             "  PARTITION rest VALUES LESS THAN MAXVALUE);\n"
             "INSERT INTO visits VALUES ('2024-01-01', '/'), ('2025-01-01', NULL);"),
          "DROP TABLE visits;"),
    plain("more_routines",
          by("CREATE TABLE counts (name text PRIMARY KEY, n integer) WITHOUT ROWID;\n"
             "CREATE TRIGGER moods_counted AFTER INSERT ON moods\nBEGIN\n"
             "  INSERT INTO counts VALUES (NEW.mood, 1)\n"
             "    ON CONFLICT (name) DO UPDATE SET n = n + 1;\n"
             "  UPDATE users SET status = CASE NEW.mood WHEN 'sad' THEN 'gone' ELSE status END\n"
             "    WHERE id = NEW.user_id;\nEND;\n"
             "INSERT INTO moods VALUES (1, 'sad'), (2, 'o;k'), (3, 'sad');",
             "DO $do$ BEGIN EXECUTE 'CREATE TABLE counts (name text PRIMARY KEY, n integer)';"
             " END $do$;\n"
             "CREATE FUNCTION count_moods() RETURNS integer LANGUAGE plpgsql AS $outer$\n"
             "DECLARE text_inside text := $inner$it's; $$ here$inner$;\nBEGIN\n"
             "  INSERT INTO counts SELECT mood, count(*) FROM moods GROUP BY mood;\n"
             "  RETURN length(text_inside);\nEND $outer$;\n"
             "INSERT INTO moods VALUES (1, 'sad'), (2, 'o;k'), (3, 'sad');\n"
             "SELECT count_moods();",
             "CREATE TABLE counts (name varchar(20) PRIMARY KEY, n integer);\n"
             "DELIMITER //\n"
             "CREATE TRIGGER moods_counted AFTER INSERT ON moods FOR EACH ROW\nBEGIN\n"
             "  INSERT INTO counts VALUES (NEW.mood, 1) ON DUPLICATE KEY UPDATE n = n + 1;\n"
             "  IF NEW.mood = 'sad' THEN\n"
             "    UPDATE users SET status = 'gone' WHERE id = NEW.user_id;\n"
             "  END IF;\nEND//\n"
             "DELIMITER ;\n"
             "INSERT INTO moods VALUES (1, 'sad'), (2, 'o;k'), (3, 'sad');"),
          by("DELETE FROM moods;\nDROP TRIGGER moods_counted;\nDROP TABLE counts;\n"
             "UPDATE users SET status = 'active' WHERE status = 'gone';",
             "DELETE FROM moods;\nDROP FUNCTION count_moods();\nDROP TABLE counts;",
             "DELETE FROM moods;\nDROP TRIGGER moods_counted;\nDROP TABLE counts;\n"
             "UPDATE users SET status = 'active' WHERE status = 'gone';")),
]


def version(number):
    """The version of the n-th migration, from 1."""
    return f"202401010000{number:02}"


VERSIONS = [version(number) for number in range(1, COUNT + 1)]


def write(project, kind):
    """Write the thirty files into the project's `migrations/`."""
    for number, migration in enumerate(MIGRATIONS, 1):
        project.migration(f"{version(number)}_{migration.name}",
                          migration.text(kind, version(number)))


def prepare(database):
    """Make the table `effects`, and let MariaDB's users without SUPER make triggers."""
    if database.kind == "mariadb":
        database.server.sql("SET GLOBAL log_bin_trust_function_creators = 1")
    database.sql(EFFECTS[database.kind])


def effects(database):
    """The sections that ran, in order: (version, what)."""
    return database.sql("SELECT version, what FROM effects ORDER BY id")


def expected_effects(direction, first=1, last=COUNT):
    """What effects() has to add after the whole of `up` or `down`."""
    down = direction == "down"
    chosen = [(version(number), what)
              for number, migration in enumerate(MIGRATIONS, 1) if first <= number <= last
              for _, what, _ in migration.sections
              if what is not None and what.startswith("down") == down]
    if not down:
        return chosen
    newest_first = sorted(chosen, key=lambda effect: effect[0], reverse=True)
    return newest_first


def state(database):
    """Schema and rows of everything but the ledger and `effects`."""
    data = database.dump_data()
    data.pop("effects", None)
    return database.dump_schema(), data


assert len(MIGRATIONS) == COUNT
