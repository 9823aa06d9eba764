-- Papers (文书) an event asks for: the row is written with the event, its digest when the file is on
-- disk. A row whose digest is there is never made again.
CREATE TABLE papers (
    stream      TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    ordered_ms  INTEGER NOT NULL,
    not_before  INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    why         TEXT,
    template    INTEGER,
    title       TEXT,
    pages       INTEGER,
    digest      TEXT,
    PRIMARY KEY (stream, seq, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX papers_to_make ON papers (ordered_ms, stream, seq, kind) WHERE digest IS NULL;
