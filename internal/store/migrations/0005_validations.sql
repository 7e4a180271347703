-- Whether bodies are what catalogs say. It is worked out after the sender was
-- answered, and can be worked out again. Captures that nothing is known to hold
-- against have no row.
CREATE TABLE validations (
	seq     INTEGER PRIMARY KEY, -- the capture's
	outcome INTEGER NOT NULL,
	value   TEXT    NOT NULL     -- the validation as JSON
);
CREATE INDEX validations_outcome ON validations (outcome);

-- What messages have and catalogs do not, counted.
CREATE TABLE drifts (
	provider TEXT    NOT NULL,
	event    TEXT    NOT NULL,
	schema   TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	pointer  TEXT    NOT NULL,
	detail   TEXT    NOT NULL,
	first_at INTEGER NOT NULL, -- microseconds since 1970
	last_at  INTEGER NOT NULL,
	count    INTEGER NOT NULL,
	example  TEXT    NOT NULL, -- the id of a capture
	PRIMARY KEY (provider, event, schema, kind, pointer, detail)
) WITHOUT ROWID;
