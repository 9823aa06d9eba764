CREATE TABLE persons (
    id             TEXT PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    password_hash  TEXT,
    created_ms     INTEGER NOT NULL,
    disabled       INTEGER NOT NULL CHECK (disabled IN (0, 1))
) STRICT, WITHOUT ROWID;

-- 岗位: for whom a person acts, in which capacity, from which day until which.
CREATE TABLE posts (
    id        TEXT PRIMARY KEY,
    person    TEXT NOT NULL REFERENCES persons (id),
    side      TEXT NOT NULL,
    capacity  TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_by_person ON posts (person, from_day, id);
CREATE INDEX posts_by_side ON posts (side, from_day, id);

CREATE TABLE sessions (
    hash        TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES persons (id),
    post        TEXT,
    csrf        TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL,
    label       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

CREATE TABLE tokens (
    hash        TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES persons (id),
    post        TEXT NOT NULL,
    label       TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_person ON tokens (person);

CREATE TABLE attempts (
    key    TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;

CREATE INDEX attempts_by_key ON attempts (key, at_ms);
CREATE INDEX attempts_by_age ON attempts (at_ms);

CREATE TABLE settings (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
