-- 验明身份: how strongly somebody signed in, with what, and when it was last shown to be them.
ALTER TABLE sessions ADD COLUMN strength TEXT COLLATE "C" NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN proved_with TEXT COLLATE "C" NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN proved_ms BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tokens ADD COLUMN strength TEXT COLLATE "C" NOT NULL DEFAULT 'password';
ALTER TABLE tokens ADD COLUMN proved_with TEXT COLLATE "C" NOT NULL DEFAULT 'password';
ALTER TABLE tokens ADD COLUMN proved_ms BIGINT NOT NULL DEFAULT 0;

-- 动态口令: the seed is sealed by who keeps the key; a step that was used is never taken again.
CREATE TABLE totp (
    person      TEXT COLLATE "C" PRIMARY KEY REFERENCES persons (id),
    seed        BYTEA,
    bound_ms    BIGINT,
    used_step   BIGINT NOT NULL,
    offered     BYTEA,
    offered_ms  BIGINT
);

-- 恢复码: each works once.
CREATE TABLE recovery_codes (
    person   TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    hash     TEXT COLLATE "C" NOT NULL,
    made_ms  BIGINT NOT NULL,
    used_ms  BIGINT,
    PRIMARY KEY (person, hash)
);

-- 重置密码的链接: one a person, made by somebody else, used once.
CREATE TABLE resets (
    person      TEXT COLLATE "C" PRIMARY KEY REFERENCES persons (id),
    hash        TEXT COLLATE "C" NOT NULL UNIQUE,
    made_by     TEXT COLLATE "C" NOT NULL,
    made_ms     BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);

-- 第二因素遗失: asked for by the person, confirmed by another, open after a while.
CREATE TABLE losses (
    id            TEXT COLLATE "C" PRIMARY KEY,
    person        TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    reason        TEXT COLLATE "C" NOT NULL,
    asked_ms      BIGINT NOT NULL,
    confirmed_by  TEXT COLLATE "C",
    grounds       TEXT COLLATE "C",
    confirmed_ms  BIGINT,
    opens_ms      BIGINT,
    ended_ms      BIGINT,
    outcome       TEXT COLLATE "C"
);

CREATE INDEX losses_by_person ON losses (person, asked_ms);
CREATE INDEX losses_under_way ON losses (asked_ms) WHERE ended_ms IS NULL;

-- 安全记录: what happened to an account, as its holder reads it. Only added to.
CREATE TABLE security_log (
    id       TEXT COLLATE "C" PRIMARY KEY,
    person   TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    at_ms    BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL,
    made_by  TEXT COLLATE "C" NOT NULL
);

CREATE INDEX security_log_by_person ON security_log (person, at_ms, id);

CREATE FUNCTION security_log_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the security log is only added to';
END
$$;

CREATE TRIGGER security_log_refuses_change BEFORE UPDATE OR DELETE ON security_log
    FOR EACH ROW EXECUTE FUNCTION security_log_refuses();
