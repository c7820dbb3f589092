-- Six logins for each user. With transaction:false each statement commits by itself.
-- migrate:up transaction:false
CREATE TABLE logins (user_id INTEGER NOT NULL REFERENCES users (id), at TEXT NOT NULL);

INSERT INTO logins (user_id, at)
SELECT id, datetime(created_at, '+' || day || ' days')
FROM users, (SELECT 1 AS day UNION SELECT 2 UNION SELECT 3);

INSERT INTO logins (user_id, at)
SELECT id, datetime(created_at, '+' || day || ' days')
FROM users, (SELECT 4 AS day UNION SELECT 5 UNION SELECT 6);

CREATE INDEX logins_user_id ON logins (user_id, at);

-- migrate:verify
SELECT user_id FROM logins GROUP BY user_id HAVING count(*) <> 6;

-- migrate:down
DROP TABLE logins;
