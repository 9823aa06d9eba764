-- 通行密钥: the public half of what a person proves oneself with; the private half never comes here.
CREATE TABLE passkeys (
    id          TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    public_key  BYTEA NOT NULL,
    label       TEXT COLLATE "C" NOT NULL,
    counter     BIGINT NOT NULL,
    synced      BIGINT NOT NULL CHECK (synced IN (0, 1)),
    backed_up   BIGINT NOT NULL CHECK (backed_up IN (0, 1)),
    created_ms  BIGINT NOT NULL,
    used_ms     BIGINT
);

CREATE INDEX passkeys_by_person ON passkeys (person, created_ms, id);

-- 挑战: what an authenticator was asked to sign, for which act of whom; answered once.
CREATE TABLE challenges (
    challenge   TEXT COLLATE "C" PRIMARY KEY,
    bearer      TEXT COLLATE "C" NOT NULL,
    purpose     TEXT COLLATE "C" NOT NULL,
    asked_ms    BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);

CREATE INDEX challenges_by_bearer ON challenges (bearer, asked_ms);
CREATE INDEX challenges_by_end ON challenges (expires_ms);
