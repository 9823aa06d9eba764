-- Everything in this file can be computed again from the journal.

CREATE TABLE dossiers (
    stream      TEXT COLLATE "C" PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    number      TEXT COLLATE "C",
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    stage       TEXT COLLATE "C" NOT NULL,
    status      TEXT COLLATE "C" NOT NULL,
    public      BIGINT NOT NULL CHECK (public IN (0, 1)),
    lead        TEXT COLLATE "C" NOT NULL,
    lead_name   TEXT COLLATE "C" NOT NULL,
    authority   TEXT COLLATE "C" NOT NULL,
    area        TEXT COLLATE "C" NOT NULL,
    field       TEXT COLLATE "C" NOT NULL,
    filed_no    TEXT COLLATE "C",
    filed_on    TEXT COLLATE "C",
    updated_ms  BIGINT NOT NULL,
    next_day    TEXT COLLATE "C",
    card        TEXT COLLATE "C" NOT NULL
);

-- 备案名录, whole and by each filter; newest first.
CREATE INDEX register_by_day ON dossiers (filed_on, id)
    WHERE public = 1 AND filed_on IS NOT NULL;
CREATE INDEX register_by_field ON dossiers (field, filed_on, id)
    WHERE public = 1 AND filed_on IS NOT NULL;
CREATE INDEX register_by_authority ON dossiers (authority, filed_on, id)
    WHERE public = 1 AND filed_on IS NOT NULL;
CREATE INDEX register_by_status ON dossiers (status, filed_on, id)
    WHERE public = 1 AND filed_on IS NOT NULL;
CREATE INDEX public_by_update ON dossiers (updated_ms, id) WHERE public = 1;
CREATE INDEX public_by_stage ON dossiers (stage, updated_ms, id) WHERE public = 1;
CREATE INDEX dossiers_due ON dossiers (next_day, stream) WHERE next_day IS NOT NULL;

-- Who may see a dossier in a list; stage and time are copied so that a page is one index range.
CREATE TABLE readers (
    stream      TEXT COLLATE "C" NOT NULL,
    reader      TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    stage       TEXT COLLATE "C" NOT NULL,
    updated_ms  BIGINT NOT NULL,
    PRIMARY KEY (stream, reader)
);

CREATE INDEX readers_by_update ON readers (reader, updated_ms, id);
CREATE INDEX readers_by_stage ON readers (reader, stage, updated_ms, id);

-- 待办. A task without a day sorts after every day.
CREATE TABLE tasks (
    stream     TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    holder     TEXT COLLATE "C" NOT NULL,
    clause     TEXT COLLATE "C" NOT NULL,
    title      TEXT COLLATE "C" NOT NULL,
    opened_on  TEXT COLLATE "C" NOT NULL,
    due        TEXT COLLATE "C",
    due_key    TEXT COLLATE "C" NOT NULL,
    note       TEXT COLLATE "C",
    PRIMARY KEY (stream, key)
);

CREATE INDEX tasks_by_holder ON tasks (holder, due_key, stream, key);

-- What only one stream may have: a number, a name, a code.
CREATE TABLE claims (
    kind     TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    stream   TEXT COLLATE "C" NOT NULL,
    ordinal  BIGINT NOT NULL,
    PRIMARY KEY (kind, value)
);

CREATE INDEX claims_by_stream ON claims (stream);
CREATE INDEX claims_by_ordinal ON claims (kind, ordinal);

-- Counters, and which stream counts in which.
CREATE TABLE tallies (
    tally  TEXT COLLATE "C" PRIMARY KEY,
    n      BIGINT NOT NULL
);

CREATE TABLE tallied (
    stream  TEXT COLLATE "C" NOT NULL,
    tally   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (stream, tally)
);

CREATE TABLE units (
    stream      TEXT COLLATE "C" PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    code        TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    legal_form  TEXT COLLATE "C" NOT NULL,
    area        TEXT COLLATE "C" NOT NULL,
    authority   TEXT COLLATE "C" NOT NULL,
    status      TEXT COLLATE "C" NOT NULL,
    card        TEXT COLLATE "C" NOT NULL
);

CREATE INDEX units_by_code ON units (code);
CREATE INDEX units_by_name ON units (name_key, id);

-- Full text. The terms are cut by the program; the text itself is not kept twice.
CREATE TABLE texts (
    doc            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream         TEXT COLLATE "C" NOT NULL UNIQUE,
    public_digest  TEXT COLLATE "C" NOT NULL,
    office_digest  TEXT COLLATE "C" NOT NULL,
    open           tsvector NOT NULL,
    office         tsvector NOT NULL
);

CREATE INDEX texts_open ON texts USING gin (open);
CREATE INDEX texts_office ON texts USING gin (office);
