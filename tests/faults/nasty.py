"""A small project for each database in which every kind of step meets every other.

Statements inside a transaction and outside one, an index built concurrently, ALTER between data,
CALL, COPY, an explicit block, checks before and after the commit, routines with bodies. Every
migration writes into `effects`, up and down, several times where it is not one transaction: a
statement that ran twice, or never, is seen there.
"""

EFFECTS = {
    "sqlite": "CREATE TABLE effects (what text NOT NULL);",
    "postgres": "CREATE TABLE effects (what text NOT NULL);",
    "mariadb": "CREATE TABLE effects (what varchar(100) NOT NULL) ENGINE=InnoDB;",
}


def effect(text):
    return f"INSERT INTO effects VALUES ('{text}');"


POSTGRES = {
    "01_tables": f"""\
-- migrate:up
{effect("1")}
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, age integer);
CREATE TABLE notes (id integer PRIMARY KEY, user_id integer REFERENCES users, body text);
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- migrate:verify
SELECT id FROM users WHERE email IS NULL;
-- migrate:down
DROP TYPE mood;
DROP TABLE notes;
DROP TABLE users;
{effect("1 down")}
""",
    "02_rows": f"""\
-- migrate:up
INSERT INTO users SELECT i, 'user' || i || '@example.org', i % 90 FROM generate_series(1, 300) i;
{effect("2")}
UPDATE users SET age = age + 1 WHERE id % 3 = 0;
DELETE FROM users WHERE id % 50 = 0;
INSERT INTO notes SELECT id, id, 'note ' || id FROM users;
-- migrate:down
DELETE FROM notes;
DELETE FROM users;
{effect("2 down")}
""",
    "03_concurrently": f"""\
-- migrate:up transaction:false
{effect("3 a")}
CREATE INDEX CONCURRENTLY users_age ON users (age);
{effect("3 b")}
CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (lower(email));
UPDATE users SET age = age + 1000 WHERE id < 20;
{effect("3 c")}
-- migrate:down transaction:false
{effect("3 down a")}
DROP INDEX CONCURRENTLY users_email;
{effect("3 down b")}
DROP INDEX CONCURRENTLY users_age;
UPDATE users SET age = age - 1000 WHERE id < 20;
{effect("3 down c")}
""",
    "04_two_tables": f"""\
-- migrate:up
{effect("4")}
ALTER TABLE users ADD COLUMN feeling mood DEFAULT 'glad';
ALTER TABLE notes ADD COLUMN length integer;
UPDATE notes SET length = length(body) WHERE id > 5;
CREATE FUNCTION measure() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.length := length(NEW.body);
  RETURN NEW;
END;
$body$;
CREATE TRIGGER notes_measure BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION measure();
-- migrate:verify
SELECT id FROM notes WHERE length <> length(body);
-- migrate:down
DROP TRIGGER notes_measure ON notes;
DROP FUNCTION measure();
ALTER TABLE notes DROP COLUMN length;
ALTER TABLE users DROP COLUMN feeling;
{effect("4 down")}
""",
    "05_outside": f"""\
-- migrate:up transaction:false
CREATE TYPE hue AS ENUM ('red');
ALTER TYPE hue ADD VALUE 'blue';
{effect("5 a")}
BEGIN;
ALTER TABLE users ALTER COLUMN age TYPE bigint;
{effect("5 b")}
UPDATE users SET feeling = 'sad' WHERE id % 2 = 0;
COMMIT;
VACUUM notes;
{effect("5 c")}
REINDEX TABLE CONCURRENTLY users;
-- migrate:down transaction:false
{effect("5 down a")}
BEGIN;
UPDATE users SET feeling = 'glad' WHERE id % 2 = 0;
ALTER TABLE users ALTER COLUMN age TYPE integer;
{effect("5 down b")}
COMMIT;
DROP TYPE hue;
""",
    "06_copy": f"""\
-- migrate:up
CREATE TABLE words (id integer PRIMARY KEY, word text);
COPY words (id, word) FROM stdin;
1\tone
2\ttwo; -- not a comment
3\t\\N
\\.
{effect("6")}
COPY words FROM stdin WITH (FORMAT csv);
4,"four, and more"
5,five
\\.
-- migrate:down
DROP TABLE words;
{effect("6 down")}
""",
    "07_routines": f"""\
-- migrate:up
CREATE PROCEDURE grow(by integer) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE users SET age = age + by;
  INSERT INTO effects VALUES ('7 call');
END $$;
CALL grow(7);
DO $$ BEGIN EXECUTE 'CREATE VIEW old AS SELECT id FROM users WHERE age > 50'; END $$;
{effect("7")}
-- migrate:down
DROP VIEW old;
CALL grow(-7);
DROP PROCEDURE grow(integer);
{effect("7 down")}
""",
    "08_last": f"""\
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY notes_user ON notes (user_id);
{effect("8")}
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY notes_user;
{effect("8 down")}
""",
}

MARIADB = {
    "01_tables": f"""\
-- migrate:up
{effect("1 a")}
CREATE TABLE users (id int PRIMARY KEY, email varchar(80) NOT NULL, age int);
{effect("1 b")}
CREATE TABLE notes (id int PRIMARY KEY, user_id int, body text,
  CONSTRAINT notes_user FOREIGN KEY (user_id) REFERENCES users (id));
-- migrate:verify
SELECT id FROM users WHERE email IS NULL;
-- migrate:down
DROP TABLE notes;
{effect("1 down a")}
DROP TABLE users;
{effect("1 down b")}
""",
    "02_rows": f"""\
-- migrate:up
INSERT INTO users SELECT seq, concat('user', seq, '@example.org'), seq % 90 FROM seq_1_to_300;
{effect("2")}
UPDATE users SET age = age + 1 WHERE id % 3 = 0;
DELETE FROM users WHERE id % 50 = 0;
INSERT INTO notes SELECT id, id, concat('note ', id) FROM users;
-- migrate:down
DELETE FROM notes;
DELETE FROM users;
{effect("2 down")}
""",
    "03_alter": f"""\
-- migrate:up
{effect("3 a")}
ALTER TABLE users ADD COLUMN feeling enum('sad', 'glad') DEFAULT 'glad';
{effect("3 b")}
ALTER TABLE users MODIFY age bigint NOT NULL DEFAULT 0;
UPDATE users SET age = age + 1000 WHERE id < 20;
ALTER TABLE users CHANGE email mail varchar(120) NOT NULL, ADD INDEX users_age (age);
{effect("3 c")}
CREATE UNIQUE INDEX users_mail ON users (mail);
-- migrate:down
DROP INDEX users_mail ON users;
{effect("3 down a")}
ALTER TABLE users CHANGE mail email varchar(80) NOT NULL, DROP INDEX users_age;
UPDATE users SET age = age - 1000 WHERE id < 20;
{effect("3 down b")}
ALTER TABLE users MODIFY age int;
ALTER TABLE users DROP COLUMN feeling;
{effect("3 down c")}
""",
    "04_routines": f"""\
-- migrate:up
DELIMITER //
CREATE PROCEDURE grow(IN step int)
BEGIN
  UPDATE users SET age = age + step;
  INSERT INTO effects VALUES ('4 call');
END//
CREATE PROCEDURE widen()
BEGIN
  ALTER TABLE notes ADD COLUMN length int;
END//
DELIMITER ;
{effect("4 a")}
CALL widen();
{effect("4 b")}
CREATE VIEW old AS SELECT id FROM users WHERE age > 50;
UPDATE notes SET length = length(body);
-- migrate:verify
SELECT id FROM notes WHERE length <> length(body);
-- migrate:down
DROP VIEW old;
{effect("4 down a")}
ALTER TABLE notes DROP COLUMN length;
DROP PROCEDURE widen;
{effect("4 down b")}
DROP PROCEDURE grow;
""",
    "05_rename": f"""\
-- migrate:up
RENAME TABLE notes TO remarks;
{effect("5 a")}
ALTER TABLE remarks DROP FOREIGN KEY notes_user;
CREATE TABLE copies AS SELECT id, body FROM remarks WHERE id < 40;
{effect("5 b")}
ALTER TABLE copies ADD PRIMARY KEY (id), COMMENT 'copies';
ANALYZE TABLE copies;
CREATE SEQUENCE numbers START 5;
{effect("5 c")}
-- migrate:down
DROP SEQUENCE numbers;
{effect("5 down a")}
DROP TABLE copies;
ALTER TABLE remarks ADD CONSTRAINT notes_user FOREIGN KEY (user_id) REFERENCES users (id);
{effect("5 down b")}
RENAME TABLE remarks TO notes;
{effect("5 down c")}
""",
    "06_last": f"""\
-- migrate:up
CREATE OR REPLACE VIEW old AS SELECT id, age FROM users WHERE age > 60;
INSERT INTO users (id, mail) VALUES (1001, 'last@example.org');
{effect("6")}
-- migrate:down
DELETE FROM users WHERE id = 1001;
CREATE OR REPLACE VIEW old AS SELECT id FROM users WHERE age > 50;
{effect("6 down")}
""",
}

SQLITE = {
    "01_tables": f"""\
-- migrate:up
{effect("1")}
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, age integer);
CREATE TABLE notes (id integer PRIMARY KEY, user_id integer REFERENCES users ON DELETE CASCADE,
  body text);
-- migrate:verify
SELECT id FROM users WHERE email IS NULL;
-- migrate:down
DROP TABLE notes;
DROP TABLE users;
{effect("1 down")}
""",
    "02_rows": f"""\
-- migrate:up
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
INSERT INTO users SELECT i, 'user' || i || '@example.org', i % 90 FROM n;
{effect("2")}
UPDATE users SET age = age + 1 WHERE id % 3 = 0;
DELETE FROM users WHERE id % 50 = 0;
INSERT INTO notes SELECT id, id, 'note ' || id FROM users;
-- migrate:down
DELETE FROM notes;
DELETE FROM users;
{effect("2 down")}
""",
    "03_rebuild": f"""\
-- migrate:up
PRAGMA foreign_keys = OFF;
{effect("3")}
CREATE TABLE users_new (id integer PRIMARY KEY, email text NOT NULL UNIQUE, age integer NOT NULL);
INSERT INTO users_new SELECT id, email, coalesce(age, 0) FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
PRAGMA foreign_keys = ON;
-- migrate:down
PRAGMA foreign_keys = OFF;
CREATE TABLE users_old (id integer PRIMARY KEY, email text NOT NULL, age integer);
INSERT INTO users_old SELECT id, email, age FROM users;
DROP TABLE users;
ALTER TABLE users_old RENAME TO users;
{effect("3 down")}
""",
    "04_objects": f"""\
-- migrate:up
CREATE INDEX users_age ON users (age);
CREATE VIEW old AS SELECT id FROM users WHERE age > 50;
CREATE TRIGGER notes_said AFTER INSERT ON notes BEGIN
  UPDATE users SET age = age + 1 WHERE id = NEW.user_id;
  INSERT INTO effects VALUES ('4 trigger');
END;
INSERT INTO notes VALUES (1000, 1, 'new');
{effect("4")}
-- migrate:down
DELETE FROM notes WHERE id = 1000;
UPDATE users SET age = age - 1 WHERE id = 1;
DROP TRIGGER notes_said;
DROP VIEW old;
DROP INDEX users_age;
{effect("4 down")}
""",
    "05_outside": f"""\
-- migrate:up transaction:false
{effect("5 a")}
BEGIN;
ALTER TABLE users ADD COLUMN feeling text DEFAULT 'glad';
{effect("5 b")}
UPDATE users SET feeling = 'sad' WHERE id % 2 = 0;
COMMIT;
VACUUM;
{effect("5 c")}
-- migrate:down transaction:false
{effect("5 down a")}
ALTER TABLE users DROP COLUMN feeling;
{effect("5 down b")}
""",
    "06_last": f"""\
-- migrate:up
ALTER TABLE notes RENAME COLUMN body TO words;
{effect("6")}
-- migrate:down
ALTER TABLE notes RENAME COLUMN words TO body;
{effect("6 down")}
""",
}

PROJECTS = {"sqlite": SQLITE, "postgres": POSTGRES, "mariadb": MARIADB}
