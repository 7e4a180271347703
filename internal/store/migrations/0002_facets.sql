-- What lists and searches go by. All of it can be built again from captures and
-- attempts; the writer fills it when it has nothing better to do. Rows that are
-- past captures_done and attempts_done are not in here yet: readers look at them
-- one by one.

CREATE TABLE progress (
	one           INTEGER PRIMARY KEY CHECK (one = 1),
	captures_done INTEGER NOT NULL DEFAULT 0, -- seq of the last capture in facets
	attempts_done INTEGER NOT NULL DEFAULT 0, -- seq of the last attempt in attempt_ids
	bodies_done   INTEGER NOT NULL DEFAULT 0  -- seq of the last capture in body_index
);
INSERT INTO progress (one) VALUES (1);

-- head is the first 12 characters of the ULID as 60 bits; tail is its last 8
-- read backwards as 40 bits. A prefix or suffix of an id is a range of either.
CREATE TABLE facets (
	seq         INTEGER PRIMARY KEY,
	head        INTEGER NOT NULL,
	tail        INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	method      TEXT    NOT NULL, -- upper case
	path        TEXT    NOT NULL,
	status      INTEGER NOT NULL, -- of the reply; 0: dropped; -1: none yet
	size        INTEGER NOT NULL
);
CREATE INDEX facets_head   ON facets (head);
CREATE INDEX facets_tail   ON facets (tail);
CREATE INDEX facets_method ON facets (method);
CREATE INDEX facets_path   ON facets (path);
CREATE INDEX facets_status ON facets (status);

-- The ranges of each 1024 seqs. Captures come nearly in order of time, not quite:
-- a span of time is looked for in the zones it touches.
CREATE TABLE zones (
	n        INTEGER PRIMARY KEY, -- seq / 1024
	min_time INTEGER NOT NULL,
	max_time INTEGER NOT NULL,
	min_head INTEGER NOT NULL,
	max_head INTEGER NOT NULL
);

CREATE TABLE attempt_ids (
	seq  INTEGER PRIMARY KEY,
	head INTEGER NOT NULL,
	tail INTEGER NOT NULL
);
CREATE INDEX attempt_ids_head ON attempt_ids (head);
CREATE INDEX attempt_ids_tail ON attempt_ids (tail);
