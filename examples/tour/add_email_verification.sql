-- New users must confirm their address; those from before 2024 count as confirmed.
-- migrate:up
ALTER TABLE users ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN verification_token TEXT;
CREATE UNIQUE INDEX users_verification_token ON users (verification_token);
UPDATE users SET email_verified = 1 WHERE created_at < '2024-01-01';

-- migrate:verify
SELECT id FROM users WHERE email_verified <> (created_at < '2024-01-01');

-- migrate:down
DROP INDEX users_verification_token;
ALTER TABLE users DROP COLUMN verification_token;
ALTER TABLE users DROP COLUMN email_verified;
