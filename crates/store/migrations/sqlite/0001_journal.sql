-- 事项记录: what was done with legal or procedural effect. Rows are only ever added.
CREATE TABLE journal (
    idx     INTEGER PRIMARY KEY,
    stream  TEXT NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    kind    TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    day     TEXT NOT NULL,
    body    BLOB NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    chain   BLOB NOT NULL CHECK (length(chain) = 32),
    UNIQUE (stream, seq)
) STRICT;

-- INSERT OR REPLACE would delete without asking the trigger for DELETE.
CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE idx = new.idx)
    OR EXISTS (SELECT 1 FROM journal WHERE stream = new.stream AND seq = new.seq)
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

-- The last entry of each stream; the row that two appends to one stream both want.
CREATE TABLE heads (
    stream  TEXT PRIMARY KEY,
    seq     INTEGER NOT NULL,
    hash    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The last entry of all; the row that hands out indexes without gaps.
CREATE TABLE chain (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    idx     INTEGER NOT NULL,
    chain   BLOB NOT NULL
) STRICT;

INSERT INTO chain (id, idx, chain) VALUES (1, 0, zeroblob(32));

-- 个人信息: values that stand in the journal as commitments. Erasing sets salt and value to NULL.
CREATE TABLE personal (
    commitment  TEXT PRIMARY KEY,
    stream      TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    salt        BLOB,
    value       TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_by_entry ON personal (stream, seq);

-- Commands that were answered, so that asking again gives the same answer.
CREATE TABLE commands (
    actor    TEXT NOT NULL,
    key      TEXT NOT NULL,
    request  TEXT NOT NULL,
    stream   TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    answer   TEXT NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT;

CREATE INDEX commands_by_age ON commands (at_ms);
