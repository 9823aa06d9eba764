-- 验明身份: how strongly somebody signed in, with what, and when it was last shown to be them.
ALTER TABLE sessions ADD COLUMN strength TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN proved_with TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN proved_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE tokens ADD COLUMN strength TEXT NOT NULL DEFAULT 'password';
ALTER TABLE tokens ADD COLUMN proved_with TEXT NOT NULL DEFAULT 'password';
ALTER TABLE tokens ADD COLUMN proved_ms INTEGER NOT NULL DEFAULT 0;

-- 动态口令: the seed is sealed by who keeps the key; a step that was used is never taken again.
CREATE TABLE totp (
    person      TEXT PRIMARY KEY REFERENCES persons (id),
    seed        BLOB,
    bound_ms    INTEGER,
    used_step   INTEGER NOT NULL,
    offered     BLOB,
    offered_ms  INTEGER
) STRICT, WITHOUT ROWID;

-- 恢复码: each works once.
CREATE TABLE recovery_codes (
    person   TEXT NOT NULL REFERENCES persons (id),
    hash     TEXT NOT NULL,
    made_ms  INTEGER NOT NULL,
    used_ms  INTEGER,
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- 重置密码的链接: one a person, made by somebody else, used once.
CREATE TABLE resets (
    person      TEXT PRIMARY KEY REFERENCES persons (id),
    hash        TEXT NOT NULL UNIQUE,
    made_by     TEXT NOT NULL,
    made_ms     INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 第二因素遗失: asked for by the person, confirmed by another, open after a while.
CREATE TABLE losses (
    id            TEXT PRIMARY KEY,
    person        TEXT NOT NULL REFERENCES persons (id),
    reason        TEXT NOT NULL,
    asked_ms      INTEGER NOT NULL,
    confirmed_by  TEXT,
    grounds       TEXT,
    confirmed_ms  INTEGER,
    opens_ms      INTEGER,
    ended_ms      INTEGER,
    outcome       TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX losses_by_person ON losses (person, asked_ms);
CREATE INDEX losses_under_way ON losses (asked_ms) WHERE ended_ms IS NULL;

-- 安全记录: what happened to an account, as its holder reads it. Only added to.
CREATE TABLE security_log (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES persons (id),
    at_ms    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    detail   TEXT NOT NULL,
    made_by  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX security_log_by_person ON security_log (person, at_ms, id);

CREATE TRIGGER security_log_refuses_update BEFORE UPDATE ON security_log
BEGIN SELECT raise(ABORT, 'the security log is only added to'); END;

CREATE TRIGGER security_log_refuses_delete BEFORE DELETE ON security_log
BEGIN SELECT raise(ABORT, 'the security log is only added to'); END;
