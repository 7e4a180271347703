-- What was received and what was sent. Rows are written once and never changed;
-- checksum is the CRC-32C of all columns of the row but the body, which has its SHA-256.

CREATE TABLE meta (
	one           INTEGER PRIMARY KEY CHECK (one = 1),
	capture_floor INTEGER NOT NULL DEFAULT 0, -- the highest seq that was ever deleted:
	attempt_floor INTEGER NOT NULL DEFAULT 0  -- a seq is never used twice
);
INSERT INTO meta (one) VALUES (1);

-- No index here: the sender waits for the insert. Lookups go over facets.
CREATE TABLE captures (
	seq              INTEGER PRIMARY KEY,
	id               TEXT    NOT NULL,
	received_at      INTEGER NOT NULL, -- microseconds since 1970, UTC
	method           TEXT    NOT NULL,
	target           TEXT    NOT NULL,
	proto            TEXT    NOT NULL,
	remote           TEXT    NOT NULL,
	headers          BLOB,             -- lines "Name: value", in order
	headers_exact    INTEGER NOT NULL,
	trailers         BLOB,
	reply_status     INTEGER,          -- the reply is in an attempt where reply_from is NULL here
	reply_from       TEXT,
	reply_dropped    TEXT,
	reply_latency_us INTEGER,
	body_size        INTEGER NOT NULL,
	body_sha256      BLOB    NOT NULL,
	checksum         INTEGER NOT NULL,
	body             BLOB              -- last, so that a list need not read past it; NULL where in body_chunks
);

CREATE TABLE body_chunks (
	capture_seq INTEGER NOT NULL,
	n           INTEGER NOT NULL, -- from 0
	data        BLOB    NOT NULL
);
CREATE INDEX body_chunks_place ON body_chunks (capture_seq, n);

CREATE TABLE attempts (
	seq              INTEGER PRIMARY KEY,
	id               TEXT    NOT NULL,
	capture_id       TEXT    NOT NULL,
	capture_seq      INTEGER NOT NULL,
	started_at       INTEGER NOT NULL, -- microseconds since 1970, UTC
	cause            TEXT    NOT NULL, -- what set it off
	method           TEXT    NOT NULL,
	url              TEXT    NOT NULL,
	status           INTEGER NOT NULL, -- 0: no response
	latency_us       INTEGER NOT NULL,
	failure          TEXT    NOT NULL,
	reason           TEXT    NOT NULL,
	response_proto   TEXT    NOT NULL,
	response_headers BLOB,
	response_size    INTEGER NOT NULL,
	response_crc     INTEGER NOT NULL, -- CRC-32C of response_body
	reply_status     INTEGER,          -- set where this attempt decided the reply
	reply_from       TEXT,
	reply_dropped    TEXT,
	reply_latency_us INTEGER,
	checksum         INTEGER NOT NULL,
	response_body    BLOB
);
CREATE INDEX attempts_capture ON attempts (capture_seq);
