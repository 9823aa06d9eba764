-- 统一身份: who a person is at a provider, by issuer and subject and nothing else; one account's alone.
CREATE TABLE identities (
    id         TEXT COLLATE "C" PRIMARY KEY,
    issuer     TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    linked_ms  BIGINT NOT NULL,
    used_ms    BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX identities_by_person ON identities (person, linked_ms, id);

-- 去登录: what a browser was sent to the provider for, by the digest of its state; it comes back once.
CREATE TABLE errands (
    state       TEXT COLLATE "C" PRIMARY KEY,
    bearer      TEXT COLLATE "C" NOT NULL,
    purpose     TEXT COLLATE "C" NOT NULL,
    next        TEXT COLLATE "C" NOT NULL,
    begun_ms    BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);

CREATE INDEX errands_by_bearer ON errands (bearer, begun_ms);
CREATE INDEX errands_by_end ON errands (expires_ms);

-- 未关联: an identity that came in by a browser and belongs to no account yet; one a browser.
CREATE TABLE unclaimed (
    bearer      TEXT COLLATE "C" PRIMARY KEY,
    issuer      TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    expires_ms  BIGINT NOT NULL
);

CREATE INDEX unclaimed_by_end ON unclaimed (expires_ms);
