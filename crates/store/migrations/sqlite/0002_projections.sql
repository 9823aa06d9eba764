-- Everything in this file can be computed again from the journal.

CREATE TABLE dossiers (
    stream      TEXT PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    number      TEXT,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    stage       TEXT NOT NULL,
    status      TEXT NOT NULL,
    public      INTEGER NOT NULL CHECK (public IN (0, 1)),
    lead        TEXT NOT NULL,
    lead_name   TEXT NOT NULL,
    authority   TEXT NOT NULL,
    area        TEXT NOT NULL,
    field       TEXT NOT NULL,
    filed_no    TEXT,
    filed_on    TEXT,
    updated_ms  INTEGER NOT NULL,
    next_day    TEXT,
    card        TEXT NOT NULL
) STRICT;

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
    stream      TEXT NOT NULL,
    reader      TEXT NOT NULL,
    id          TEXT NOT NULL,
    stage       TEXT NOT NULL,
    updated_ms  INTEGER NOT NULL,
    PRIMARY KEY (stream, reader)
) STRICT, WITHOUT ROWID;

CREATE INDEX readers_by_update ON readers (reader, updated_ms, id);
CREATE INDEX readers_by_stage ON readers (reader, stage, updated_ms, id);

-- 待办. A task without a day sorts after every day.
CREATE TABLE tasks (
    stream     TEXT NOT NULL,
    key        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    holder     TEXT NOT NULL,
    clause     TEXT NOT NULL,
    title      TEXT NOT NULL,
    opened_on  TEXT NOT NULL,
    due        TEXT,
    due_key    TEXT NOT NULL,
    note       TEXT,
    PRIMARY KEY (stream, key)
) STRICT;

CREATE INDEX tasks_by_holder ON tasks (holder, due_key, stream, key);

-- What only one stream may have: a number, a name, a code.
CREATE TABLE claims (
    kind     TEXT NOT NULL,
    value    TEXT NOT NULL,
    stream   TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_by_stream ON claims (stream);
CREATE INDEX claims_by_ordinal ON claims (kind, ordinal);

-- Counters, and which stream counts in which.
CREATE TABLE tallies (
    tally  TEXT PRIMARY KEY,
    n      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tallied (
    stream  TEXT NOT NULL,
    tally   TEXT NOT NULL,
    PRIMARY KEY (stream, tally)
) STRICT, WITHOUT ROWID;

CREATE TABLE units (
    stream      TEXT PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    legal_form  TEXT NOT NULL,
    area        TEXT NOT NULL,
    authority   TEXT NOT NULL,
    status      TEXT NOT NULL,
    card        TEXT NOT NULL
) STRICT;

CREATE INDEX units_by_code ON units (code);
CREATE INDEX units_by_name ON units (name_key, id);

-- Full text. The terms are cut by the program; the text itself is not kept twice.
CREATE TABLE texts (
    doc            INTEGER PRIMARY KEY,
    stream         TEXT NOT NULL UNIQUE,
    public_digest  TEXT NOT NULL,
    office_digest  TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE terms USING fts5 (
    open, office, content = '', contentless_delete = 1, tokenize = 'ascii'
);
