-- What was made of a capture as it came: who sent it, which event, whether the
-- signature holds. It is in the capture's own row, for its sender waits for each
-- row that is written; NULL where nothing is known. checksum has that of the other
-- columns in its lower 32 bits, and that of this one in the upper.
ALTER TABLE captures ADD COLUMN identity BLOB;

-- What was made of captures later. It takes the place of what came with them;
-- checksum is the CRC-32C of the other columns.
CREATE TABLE identities (
	seq      INTEGER PRIMARY KEY, -- the capture's
	identity BLOB    NOT NULL,
	checksum INTEGER NOT NULL
);

-- The facets of identities: for each of the 1024 captures two bytes that say which
-- of the zone's traits it has, and two that its event's id has in common with one
-- in 65535. NULL where there are none.
ALTER TABLE zones ADD COLUMN traits BLOB; -- outcome, provider, event of each that occurs
ALTER TABLE zones ADD COLUMN places BLOB;
ALTER TABLE zones ADD COLUMN tags   BLOB;
