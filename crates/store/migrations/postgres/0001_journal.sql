-- 事项记录: what was done with legal or procedural effect. Rows are only ever added.
CREATE TABLE journal (
    idx     BIGINT PRIMARY KEY,
    stream  TEXT COLLATE "C" NOT NULL,
    seq     BIGINT NOT NULL CHECK (seq > 0),
    kind    TEXT COLLATE "C" NOT NULL,
    at_ms   BIGINT NOT NULL,
    day     TEXT COLLATE "C" NOT NULL,
    body    BYTEA NOT NULL,
    hash    BYTEA NOT NULL CHECK (length(hash) = 32),
    chain   BYTEA NOT NULL CHECK (length(chain) = 32),
    UNIQUE (stream, seq)
);

CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END
$$;

CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_refuses();

CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses();

-- The last entry of each stream; the row that two appends to one stream both want.
CREATE TABLE heads (
    stream  TEXT COLLATE "C" PRIMARY KEY,
    seq     BIGINT NOT NULL,
    hash    BYTEA NOT NULL
);

-- The last entry of all; the row that hands out indexes without gaps.
CREATE TABLE chain (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    idx     BIGINT NOT NULL,
    chain   BYTEA NOT NULL
);

INSERT INTO chain (id, idx, chain) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- 个人信息: values that stand in the journal as commitments. Erasing sets salt and value to NULL.
CREATE TABLE personal (
    commitment  TEXT COLLATE "C" PRIMARY KEY,
    stream      TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    salt        BYTEA,
    value       TEXT COLLATE "C"
);

CREATE INDEX personal_by_entry ON personal (stream, seq);

-- Commands that were answered, so that asking again gives the same answer.
CREATE TABLE commands (
    actor    TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    request  TEXT COLLATE "C" NOT NULL,
    stream   TEXT COLLATE "C" NOT NULL,
    at_ms    BIGINT NOT NULL,
    answer   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX commands_by_age ON commands (at_ms);
