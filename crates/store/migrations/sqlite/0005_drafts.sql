-- 起草: working text of the sections of a filing, outside the journal. A field stands here while
-- it differs from what was written by a command.
CREATE TABLE section_work (
    dossier     TEXT NOT NULL,
    part        TEXT NOT NULL,
    block       TEXT NOT NULL,
    writes      INTEGER NOT NULL,
    owner       TEXT,
    later       INTEGER NOT NULL CHECK (later IN (0, 1)),
    told_by     TEXT,
    told_ms     INTEGER,
    changed_by  TEXT,
    changed_ms  INTEGER,
    PRIMARY KEY (dossier, part, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE section_drafts (
    dossier  TEXT NOT NULL,
    part     TEXT NOT NULL,
    block    TEXT NOT NULL,
    field    TEXT NOT NULL,
    value    TEXT NOT NULL,
    over     TEXT NOT NULL,
    hand     TEXT NOT NULL,
    turn     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    person   TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (dossier, part, block, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE section_presence (
    dossier  TEXT NOT NULL,
    part     TEXT NOT NULL,
    block    TEXT NOT NULL,
    person   TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (dossier, part, block, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX section_presence_by_age ON section_presence (at_ms);

-- What somebody posted after the session had ended, until the same browser has signed in again.
CREATE TABLE left_texts (
    hash   TEXT PRIMARY KEY,
    path   TEXT NOT NULL,
    pairs  TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX left_texts_by_age ON left_texts (at_ms);
