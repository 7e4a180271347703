-- Deliveries: events on their way to endpoints. What attempts know of them is in
-- columns that are NULL where there is nothing to say; response_body is NULL in rows
-- that have answer, which comes last, so that a list need not read past it.
ALTER TABLE attempts ADD COLUMN delivery     TEXT;
ALTER TABLE attempts ADD COLUMN run          TEXT;
ALTER TABLE attempts ADD COLUMN try          INTEGER;
ALTER TABLE attempts ADD COLUMN endpoint     TEXT;
ALTER TABLE attempts ADD COLUMN provider     TEXT;
ALTER TABLE attempts ADD COLUMN event        TEXT;
ALTER TABLE attempts ADD COLUMN acknowledged INTEGER;
ALTER TABLE attempts ADD COLUMN answer       BLOB;
CREATE INDEX attempts_delivery ON attempts (delivery) WHERE delivery IS NOT NULL;

ALTER TABLE meta ADD COLUMN delivery_floor INTEGER NOT NULL DEFAULT 0;

-- These rows change with each attempt: they are small, and what is sent is elsewhere,
-- in the capture or in messages. Times are microseconds since 1970, UTC; 0 is never.
CREATE TABLE deliveries (
	seq         INTEGER PRIMARY KEY,
	id          TEXT    NOT NULL,
	place       TEXT    NOT NULL, -- the endpoint, or else the url
	endpoint    TEXT    NOT NULL,
	url         TEXT    NOT NULL,
	provider    TEXT    NOT NULL,
	event_type  TEXT    NOT NULL,
	event_id    TEXT    NOT NULL,
	event_time  TEXT    NOT NULL,
	event_items INTEGER NOT NULL,
	capture_id  TEXT    NOT NULL,
	capture_seq INTEGER NOT NULL, -- 0: its message is in messages
	created_at  INTEGER NOT NULL,
	state       TEXT    NOT NULL,
	tries       INTEGER NOT NULL,
	repeats     INTEGER NOT NULL,
	first_at    INTEGER NOT NULL,
	last_at     INTEGER NOT NULL,
	due_at      INTEGER NOT NULL,
	reason      TEXT    NOT NULL,
	owner       TEXT    NOT NULL DEFAULT '', -- the process that attempts it
	checksum    INTEGER NOT NULL
);
CREATE INDEX deliveries_id      ON deliveries (id);
CREATE INDEX deliveries_pending ON deliveries (place) WHERE state = 'pending';
CREATE INDEX deliveries_capture ON deliveries (capture_seq) WHERE capture_seq > 0;

CREATE TABLE messages (
	seq      INTEGER PRIMARY KEY, -- the delivery's
	message  BLOB    NOT NULL,
	checksum INTEGER NOT NULL
);

-- How endpoints stand, and what was counted to decide that.
CREATE TABLE standings (
	seq      INTEGER PRIMARY KEY,
	place    TEXT    NOT NULL UNIQUE,
	standing TEXT    NOT NULL, -- as JSON
	checksum INTEGER NOT NULL
);

CREATE TABLE runs (
	seq        INTEGER PRIMARY KEY,
	id         TEXT    NOT NULL,
	started_at INTEGER NOT NULL,
	floor      INTEGER NOT NULL, -- seq of the last attempt before the run
	spec       BLOB,
	ended_at   INTEGER NOT NULL,
	checksum   INTEGER NOT NULL
);
