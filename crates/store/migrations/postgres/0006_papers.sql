-- Papers (文书) an event asks for: the row is written with the event, its digest when the file is on
-- disk. A row whose digest is there is never made again.
CREATE TABLE papers (
    stream      TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    ordered_ms  BIGINT NOT NULL,
    not_before  BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    why         TEXT COLLATE "C",
    template    BIGINT,
    title       TEXT COLLATE "C",
    pages       BIGINT,
    digest      TEXT COLLATE "C",
    PRIMARY KEY (stream, seq, kind)
);

CREATE INDEX papers_to_make ON papers (ordered_ms, stream, seq, kind) WHERE digest IS NULL;
