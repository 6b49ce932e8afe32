-- What was wished of a job: to rest while the user is busy, and how many passages to a batch.
ALTER TABLE index_jobs ADD COLUMN when_idle INTEGER NOT NULL DEFAULT 0;
ALTER TABLE index_jobs ADD COLUMN batch_size INTEGER;
