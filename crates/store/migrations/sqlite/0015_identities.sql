-- 统一身份: who a person is at a provider, by issuer and subject and nothing else; one account's alone.
CREATE TABLE identities (
    id         TEXT PRIMARY KEY,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    person     TEXT NOT NULL REFERENCES persons (id),
    linked_ms  INTEGER NOT NULL,
    used_ms    INTEGER,
    UNIQUE (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_by_person ON identities (person, linked_ms, id);

-- 去登录: what a browser was sent to the provider for, by the digest of its state; it comes back once.
CREATE TABLE errands (
    state       TEXT PRIMARY KEY,
    bearer      TEXT NOT NULL,
    purpose     TEXT NOT NULL,
    next        TEXT NOT NULL,
    begun_ms    INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX errands_by_bearer ON errands (bearer, begun_ms);
CREATE INDEX errands_by_end ON errands (expires_ms);

-- 未关联: an identity that came in by a browser and belongs to no account yet; one a browser.
CREATE TABLE unclaimed (
    bearer      TEXT PRIMARY KEY,
    issuer      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX unclaimed_by_end ON unclaimed (expires_ms);
