-- Passages that wait for a vector of the model that is to come, and those that failed. Empty without one.
CREATE TABLE next_queue (
	chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
	reason TEXT NOT NULL CHECK (reason IN ('new', 'changed', 'missing', 'all')),
	state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'failed', 'unreadable')),
	job_id TEXT,
	attempts INTEGER NOT NULL DEFAULT 0,
	not_before INTEGER NOT NULL DEFAULT 0,
	message TEXT
) STRICT;

-- The set of vectors that a job fills, and the version key of its model.
ALTER TABLE index_jobs ADD COLUMN slot TEXT NOT NULL DEFAULT 'active';
ALTER TABLE index_jobs ADD COLUMN model_id TEXT NOT NULL DEFAULT '';
