-- People who have an account: 100,000 of them, so that there is something to migrate.
-- migrate:up
CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    email      TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
);

INSERT INTO users (id, email, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT i, 'user' || i || '@example.com', datetime('2023-07-01', '+' || (i * 5) || ' minutes')
FROM n;

-- migrate:down
DROP TABLE users;
