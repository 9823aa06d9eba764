-- 起草: working text of the sections of a filing, outside the journal. A field stands here while
-- it differs from what was written by a command.
CREATE TABLE section_work (
    dossier     TEXT COLLATE "C" NOT NULL,
    part        TEXT COLLATE "C" NOT NULL,
    block       TEXT COLLATE "C" NOT NULL,
    writes      BIGINT NOT NULL,
    owner       TEXT COLLATE "C",
    later       BIGINT NOT NULL CHECK (later IN (0, 1)),
    told_by     TEXT COLLATE "C",
    told_ms     BIGINT,
    changed_by  TEXT COLLATE "C",
    changed_ms  BIGINT,
    PRIMARY KEY (dossier, part, block)
);

CREATE TABLE section_drafts (
    dossier  TEXT COLLATE "C" NOT NULL,
    part     TEXT COLLATE "C" NOT NULL,
    block    TEXT COLLATE "C" NOT NULL,
    field    TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    over     TEXT COLLATE "C" NOT NULL,
    hand     TEXT COLLATE "C" NOT NULL,
    turn     BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    person   TEXT COLLATE "C" NOT NULL,
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (dossier, part, block, field)
);

CREATE TABLE section_presence (
    dossier  TEXT COLLATE "C" NOT NULL,
    part     TEXT COLLATE "C" NOT NULL,
    block    TEXT COLLATE "C" NOT NULL,
    person   TEXT COLLATE "C" NOT NULL,
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (dossier, part, block, person)
);

CREATE INDEX section_presence_by_age ON section_presence (at_ms);

-- What somebody posted after the session had ended, until the same browser has signed in again.
CREATE TABLE left_texts (
    hash   TEXT COLLATE "C" PRIMARY KEY,
    path   TEXT COLLATE "C" NOT NULL,
    pairs  TEXT COLLATE "C" NOT NULL,
    at_ms  BIGINT NOT NULL
);

CREATE INDEX left_texts_by_age ON left_texts (at_ms);
