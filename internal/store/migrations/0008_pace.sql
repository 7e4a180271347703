-- How many times as fast as the clock the policy runs by which due_at was planned, as JSON; ''
-- is as fast.
ALTER TABLE deliveries ADD COLUMN pace TEXT NOT NULL DEFAULT '';
