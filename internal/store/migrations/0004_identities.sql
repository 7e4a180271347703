-- What was made of captures: who sent them, which event, whether the signature
-- holds. A capture of which nothing is known has no row, so that its sender does
-- not wait for one. Unlike captures, rows are replaced when a capture is judged
-- anew; checksum is the CRC-32C of all other columns.

CREATE TABLE identities (
	seq         INTEGER PRIMARY KEY, -- the capture's
	provider    TEXT    NOT NULL,    -- '' where none fits, or several do
	candidates  TEXT    NOT NULL,    -- those several, as a list in JSON, or ''
	event_type  TEXT    NOT NULL,
	event_id    TEXT    NOT NULL,
	event_time  TEXT    NOT NULL,
	event_items INTEGER NOT NULL,
	outcome     TEXT    NOT NULL,    -- of the verification; '' where there is none
	scheme      TEXT    NOT NULL,
	reason      TEXT    NOT NULL,
	detail      TEXT    NOT NULL,
	unbound     INTEGER NOT NULL,
	checksum    INTEGER NOT NULL
);

-- The defaults are what is right for a capture without an identity.
ALTER TABLE facets ADD COLUMN provider TEXT    NOT NULL DEFAULT ''; -- lower case
ALTER TABLE facets ADD COLUMN event    TEXT    NOT NULL DEFAULT '';
ALTER TABLE facets ADD COLUMN event_id TEXT    NOT NULL DEFAULT '';
ALTER TABLE facets ADD COLUMN outcome  INTEGER NOT NULL DEFAULT 0;  -- 0: no provider known; 1: not checked; 2: verified; 3: failed
CREATE INDEX facets_outcome ON facets (outcome);
-- Captures that nobody recognised are not in these: each index takes as long as a
-- sixth of all else that indexing a capture does.
CREATE INDEX facets_provider ON facets (provider) WHERE provider <> '';
CREATE INDEX facets_event    ON facets (event)    WHERE event <> '';
CREATE INDEX facets_event_id ON facets (event_id) WHERE event_id <> '';
