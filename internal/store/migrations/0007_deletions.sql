-- How often captures were deleted: while that is the same, all that were there still are.
ALTER TABLE meta ADD COLUMN deletions INTEGER NOT NULL DEFAULT 0;
