-- Each user has preferences; those who are there already get the empty ones.
-- migrate:up
CREATE TABLE user_preferences (
    user_id     INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    preferences TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(preferences)),
    updated_at  TEXT NOT NULL
);

INSERT INTO user_preferences (user_id, updated_at)
SELECT id, created_at FROM users;

-- migrate:verify
SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM user_preferences);

-- migrate:down
DROP TABLE user_preferences;
