-- What the statements of facts-postgres.txt speak of.
CREATE SCHEMA s;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION fn(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE comp AS (x integer, y integer);
CREATE DOMAIN posint AS integer;
CREATE TABLE p (id integer PRIMARY KEY, name text);
CREATE TABLE t (
    id integer PRIMARY KEY, a integer, b integer NOT NULL DEFAULT 0, c text, v varchar(20),
    n numeric(10,2), j json, stamp timestamp, gen integer GENERATED ALWAYS AS (id * 2) STORED,
    ident integer GENERATED ALWAYS AS IDENTITY
);
INSERT INTO t (id, a, b, c, v, j) SELECT g, g, g, g::text, g::text, '{}' FROM generate_series(1, 50) g;
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_b ON t (b);
ALTER TABLE t ADD CONSTRAINT t_check CHECK (a > 0) NOT VALID;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE RULE ru AS ON DELETE TO t WHERE old.a < -100 DO INSTEAD NOTHING;
CREATE POLICY po ON t;
CREATE STATISTICS st ON a, b FROM t;
CREATE TABLE child (id integer PRIMARY KEY, pid integer);
INSERT INTO p VALUES (1, 'one');
INSERT INTO child VALUES (1, 1);
ALTER TABLE child ADD CONSTRAINT child_p FOREIGN KEY (pid) REFERENCES p;
CREATE TABLE late (id integer PRIMARY KEY, pid integer);
INSERT INTO late VALUES (1, 1);
ALTER TABLE late ADD CONSTRAINT late_p FOREIGN KEY (pid) REFERENCES p NOT VALID;
CREATE TABLE s.other (id integer, x integer);
INSERT INTO s.other VALUES (1, 1);
CREATE TABLE part (id integer, k integer) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE partdef PARTITION OF part DEFAULT;
INSERT INTO part VALUES (1, 1), (9, 9);
CREATE TABLE loose (id integer, k integer);
INSERT INTO loose VALUES (2, 2);
CREATE INDEX part_id ON ONLY part (id);
CREATE INDEX part1_id ON part1 (id);
CREATE TABLE plainpart (id integer, k integer) PARTITION BY LIST (k);
CREATE TABLE base (id integer, k integer);
CREATE TABLE derived () INHERITS (base);
CREATE TABLE second (id integer, k integer);
INSERT INTO second VALUES (1, 1);
CREATE VIEW vw AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE SEQUENCE sq;
CREATE TABLE usesdom (id integer, d posint);
INSERT INTO usesdom VALUES (1, 1);
CREATE PUBLICATION pub FOR TABLE s.other;
CREATE UNLOGGED TABLE ul (id integer);
INSERT INTO ul VALUES (1);
CREATE TABLE s.plain (id integer, x integer);
INSERT INTO s.plain VALUES (1, 1);
