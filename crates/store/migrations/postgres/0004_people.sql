CREATE TABLE persons (
    id             TEXT COLLATE "C" PRIMARY KEY,
    login          TEXT COLLATE "C" NOT NULL UNIQUE,
    name           TEXT COLLATE "C" NOT NULL,
    password_hash  TEXT COLLATE "C",
    created_ms     BIGINT NOT NULL,
    disabled       BIGINT NOT NULL CHECK (disabled IN (0, 1))
);

-- 岗位: for whom a person acts, in which capacity, from which day until which.
CREATE TABLE posts (
    id        TEXT COLLATE "C" PRIMARY KEY,
    person    TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    side      TEXT COLLATE "C" NOT NULL,
    capacity  TEXT COLLATE "C" NOT NULL,
    from_day  TEXT COLLATE "C" NOT NULL,
    to_day    TEXT COLLATE "C"
);

CREATE INDEX posts_by_person ON posts (person, from_day, id);
CREATE INDEX posts_by_side ON posts (side, from_day, id);

CREATE TABLE sessions (
    hash        TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    post        TEXT COLLATE "C",
    csrf        TEXT COLLATE "C" NOT NULL,
    created_ms  BIGINT NOT NULL,
    seen_ms     BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL,
    label       TEXT COLLATE "C" NOT NULL
);

CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

CREATE TABLE tokens (
    hash        TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    post        TEXT COLLATE "C" NOT NULL,
    label       TEXT COLLATE "C" NOT NULL,
    created_ms  BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);

CREATE INDEX tokens_by_person ON tokens (person);

CREATE TABLE attempts (
    key    TEXT COLLATE "C" NOT NULL,
    at_ms  BIGINT NOT NULL
);

CREATE INDEX attempts_by_key ON attempts (key, at_ms);
CREATE INDEX attempts_by_age ON attempts (at_ms);

CREATE TABLE settings (
    key    TEXT COLLATE "C" PRIMARY KEY,
    value  TEXT COLLATE "C" NOT NULL
);
