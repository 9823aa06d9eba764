-- Letters wait here until they are delivered; the key makes a reminder go out once.
CREATE TABLE letters (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         TEXT COLLATE "C" NOT NULL UNIQUE,
    recipient   TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    stream      TEXT COLLATE "C" NOT NULL,
    created_ms  BIGINT NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    not_before  BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    why         TEXT COLLATE "C"
);

CREATE INDEX letters_waiting ON letters (id) WHERE state = 'waiting';
CREATE INDEX letters_by_recipient ON letters (recipient, id);
CREATE INDEX letters_by_stream ON letters (stream, id);

-- Files stand in a folder by digest; a row is written after its file is on disk.
CREATE TABLE files (
    digest      TEXT COLLATE "C" PRIMARY KEY,
    size        BIGINT NOT NULL,
    media_type  TEXT COLLATE "C" NOT NULL,
    created_ms  BIGINT NOT NULL
);
