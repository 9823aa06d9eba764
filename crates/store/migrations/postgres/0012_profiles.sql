-- Tables that were brought: what was read of them, and what became of each row. The rows are blanked
-- once they are carried out or left lying.
CREATE TABLE imports (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    person      TEXT NOT NULL,
    name        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    brought_ms  BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('tried', 'begun', 'done', 'left')),
    rows        TEXT NOT NULL,
    report      TEXT NOT NULL
);

CREATE INDEX imports_by_time ON imports (brought_ms, id);
