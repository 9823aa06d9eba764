-- Which link opens which invitation of a unit. The secret itself is kept nowhere.
CREATE TABLE invitation_links (
    hash        TEXT PRIMARY KEY,
    unit        TEXT NOT NULL,
    no          INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invitation_links_by_invitation ON invitation_links (unit, no);
