-- 找回: a case may ask for a password as well as for a second factor, and somebody else may ask.
ALTER TABLE losses RENAME TO recoveries;
ALTER TABLE recoveries ADD COLUMN kind TEXT NOT NULL DEFAULT 'factor'
    CHECK (kind IN ('factor', 'password'));
-- Who asked, where that was not the person, and for which unit.
ALTER TABLE recoveries ADD COLUMN asked_by TEXT;
ALTER TABLE recoveries ADD COLUMN unit TEXT;
-- One of a kind is under way for a person.
UPDATE recoveries SET ended_ms = asked_ms, outcome = 'twice'
WHERE ended_ms IS NULL AND id NOT IN (
    SELECT min(id) FROM recoveries WHERE ended_ms IS NULL GROUP BY person);
CREATE UNIQUE INDEX recoveries_open ON recoveries (person, kind) WHERE ended_ms IS NULL;
-- A link may open later than it was made.
ALTER TABLE resets ADD COLUMN opens_ms INTEGER NOT NULL DEFAULT 0;
