-- Whether anything refers to a file, when it last came, when it was last checked, who scanned it.
-- What came before this step is never swept away.
ALTER TABLE files ADD COLUMN used BIGINT NOT NULL DEFAULT 1;
ALTER TABLE files ADD COLUMN touched_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN checked_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN scanned TEXT COLLATE "C";

CREATE INDEX files_unused ON files (touched_ms) WHERE used = 0;
CREATE INDEX files_by_check ON files (checked_ms, digest);

-- Which side brought a file: only then may it name the file in an act.
CREATE TABLE brought (
    side        TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    size        BIGINT NOT NULL,
    brought_ms  BIGINT NOT NULL,
    PRIMARY KEY (side, digest)
);

INSERT INTO brought (side, digest, name, size, brought_ms)
SELECT substr(key, 6, length(key) - 70), substr(key, length(key) - 63, 64), '', CAST(value AS BIGINT), 0
FROM settings WHERE key LIKE 'file/%/%' AND length(key) > 70;
DELETE FROM settings WHERE key LIKE 'file/%/%' AND length(key) > 70;

-- Files that arrive in pieces.
CREATE TABLE uploads (
    id          TEXT COLLATE "C" PRIMARY KEY,
    side        TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    size        BIGINT NOT NULL,
    received    BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL
);

CREATE INDEX uploads_by_side ON uploads (side);
CREATE INDEX uploads_by_end ON uploads (expires_ms);

-- Files that are not what they were.
CREATE TABLE file_faults (
    digest    TEXT COLLATE "C" PRIMARY KEY,
    what      TEXT COLLATE "C" NOT NULL CHECK (what IN ('missing', 'changed')),
    found_ms  BIGINT NOT NULL
);
