-- Papers (文书) that the platform signed: the code under which everybody finds them, when they were
-- signed and with which certificate. Papers of before have none of the three.
ALTER TABLE papers ADD COLUMN code TEXT COLLATE "C";
ALTER TABLE papers ADD COLUMN signed_ms BIGINT;
ALTER TABLE papers ADD COLUMN certificate TEXT COLLATE "C";

CREATE UNIQUE INDEX papers_by_code ON papers (code) WHERE code IS NOT NULL;

-- Pages of files as images. Can be made again from the file at any time: page 0 says how many there
-- are, a page without a digest why there is no image of it.
CREATE TABLE previews (
    source      TEXT COLLATE "C" NOT NULL,
    page        BIGINT NOT NULL,
    pages       BIGINT NOT NULL,
    image       TEXT COLLATE "C",
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL,
    why         TEXT COLLATE "C",
    made_ms     BIGINT NOT NULL,
    PRIMARY KEY (source, page)
);

CREATE INDEX previews_by_age ON previews (made_ms);
CREATE INDEX previews_by_image ON previews (image) WHERE image IS NOT NULL;
