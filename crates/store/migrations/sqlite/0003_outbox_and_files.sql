-- Letters wait here until they are delivered; the key makes a reminder go out once.
CREATE TABLE letters (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT NOT NULL UNIQUE,
    recipient   TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    stream      TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    not_before  INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    why         TEXT
) STRICT;

CREATE INDEX letters_waiting ON letters (id) WHERE state = 'waiting';
CREATE INDEX letters_by_recipient ON letters (recipient, id);
CREATE INDEX letters_by_stream ON letters (stream, id);

-- Files stand in a folder by digest; a row is written after its file is on disk.
CREATE TABLE files (
    digest      TEXT PRIMARY KEY,
    size        INTEGER NOT NULL,
    media_type  TEXT NOT NULL,
    created_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
