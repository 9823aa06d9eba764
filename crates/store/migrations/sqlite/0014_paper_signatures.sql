-- Papers (文书) that the platform signed: the code under which everybody finds them, when they were
-- signed and with which certificate. Papers of before have none of the three.
ALTER TABLE papers ADD COLUMN code TEXT;
ALTER TABLE papers ADD COLUMN signed_ms INTEGER;
ALTER TABLE papers ADD COLUMN certificate TEXT;

CREATE UNIQUE INDEX papers_by_code ON papers (code) WHERE code IS NOT NULL;

-- Pages of files as images. Can be made again from the file at any time: page 0 says how many there
-- are, a page without a digest why there is no image of it.
CREATE TABLE previews (
    source      TEXT NOT NULL,
    page        INTEGER NOT NULL,
    pages       INTEGER NOT NULL,
    image       TEXT,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    why         TEXT,
    made_ms     INTEGER NOT NULL,
    PRIMARY KEY (source, page)
) STRICT, WITHOUT ROWID;

CREATE INDEX previews_by_age ON previews (made_ms);
CREATE INDEX previews_by_image ON previews (image) WHERE image IS NOT NULL;
