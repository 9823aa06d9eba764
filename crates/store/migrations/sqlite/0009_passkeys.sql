-- 通行密钥: the public half of what a person proves oneself with; the private half never comes here.
CREATE TABLE passkeys (
    id          TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES persons (id),
    public_key  BLOB NOT NULL,
    label       TEXT NOT NULL,
    counter     INTEGER NOT NULL,
    synced      INTEGER NOT NULL CHECK (synced IN (0, 1)),
    backed_up   INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    created_ms  INTEGER NOT NULL,
    used_ms     INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_by_person ON passkeys (person, created_ms, id);

-- 挑战: what an authenticator was asked to sign, for which act of whom; answered once.
CREATE TABLE challenges (
    challenge   TEXT PRIMARY KEY,
    bearer      TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    asked_ms    INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX challenges_by_bearer ON challenges (bearer, asked_ms);
CREATE INDEX challenges_by_end ON challenges (expires_ms);
