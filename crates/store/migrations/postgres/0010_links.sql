-- Which link opens which invitation of a unit. The secret itself is kept nowhere.
CREATE TABLE invitation_links (
    hash        TEXT COLLATE "C" PRIMARY KEY,
    unit        TEXT COLLATE "C" NOT NULL,
    no          BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL
);

CREATE INDEX invitation_links_by_invitation ON invitation_links (unit, no);
