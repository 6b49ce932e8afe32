CREATE TABLE notes (
	seq INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
	path TEXT NOT NULL DEFAULT '',
	pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	trashed_at INTEGER,
	content_hash TEXT NOT NULL
) STRICT;

CREATE INDEX notes_by_update ON notes (trashed_at, pinned DESC, updated_at DESC);
CREATE INDEX notes_by_creation ON notes (trashed_at, pinned DESC, created_at DESC);
CREATE INDEX notes_by_title ON notes (trashed_at, pinned DESC, title COLLATE NOCASE);

-- Derived from notes.tags by the triggers below.
CREATE TABLE note_tags (
	note_seq INTEGER NOT NULL REFERENCES notes (seq) ON DELETE CASCADE,
	tag TEXT NOT NULL,
	PRIMARY KEY (tag, note_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_tags_by_note ON note_tags (note_seq);

CREATE VIRTUAL TABLE notes_fts USING fts5 (
	title, body, tags,
	content = 'notes', content_rowid = 'seq',
	tokenize = "porter unicode61 remove_diacritics 2"
);

CREATE TRIGGER notes_after_insert AFTER INSERT ON notes BEGIN
	INSERT INTO notes_fts (rowid, title, body, tags) VALUES (new.seq, new.title, new.body, new.tags);
	INSERT OR IGNORE INTO note_tags (note_seq, tag) SELECT new.seq, value FROM json_each(new.tags);
END;

CREATE TRIGGER notes_after_delete AFTER DELETE ON notes BEGIN
	INSERT INTO notes_fts (notes_fts, rowid, title, body, tags)
	VALUES ('delete', old.seq, old.title, old.body, old.tags);
END;

CREATE TRIGGER notes_after_text_update AFTER UPDATE OF title, body, tags ON notes BEGIN
	INSERT INTO notes_fts (notes_fts, rowid, title, body, tags)
	VALUES ('delete', old.seq, old.title, old.body, old.tags);
	INSERT INTO notes_fts (rowid, title, body, tags) VALUES (new.seq, new.title, new.body, new.tags);
END;

CREATE TRIGGER notes_after_tags_update AFTER UPDATE OF tags ON notes WHEN old.tags <> new.tags BEGIN
	DELETE FROM note_tags WHERE note_seq = new.seq;
	INSERT OR IGNORE INTO note_tags (note_seq, tag) SELECT new.seq, value FROM json_each(new.tags);
END;

-- A passage is a stretch of its note's body, in UTF-16 units. The text itself stays in notes alone.
CREATE TABLE chunks (
	id INTEGER PRIMARY KEY,
	note_seq INTEGER NOT NULL REFERENCES notes (seq) ON DELETE CASCADE,
	ordinal INTEGER NOT NULL,
	start_offset INTEGER NOT NULL,
	end_offset INTEGER NOT NULL,
	chunker INTEGER NOT NULL,
	hash TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_by_note ON chunks (note_seq, ordinal);

-- The truth about vectors: float32, unit length. model_id is an embedding version key.
CREATE TABLE chunk_vectors (
	chunk_id INTEGER NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
	model_id TEXT NOT NULL,
	vector BLOB NOT NULL,
	PRIMARY KEY (chunk_id, model_id)
) STRICT;

CREATE TABLE index_jobs (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	total INTEGER NOT NULL,
	skipped INTEGER NOT NULL DEFAULT 0,
	started_at INTEGER NOT NULL,
	finished_at INTEGER,
	worked_ms INTEGER NOT NULL DEFAULT 0,
	done INTEGER NOT NULL DEFAULT 0,
	failed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Passages that wait for a vector, and those that failed. Empty when the index is complete.
CREATE TABLE index_queue (
	chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
	reason TEXT NOT NULL CHECK (reason IN ('new', 'changed', 'missing', 'all')),
	state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'failed', 'unreadable')),
	job_id TEXT,
	attempts INTEGER NOT NULL DEFAULT 0,
	not_before INTEGER NOT NULL DEFAULT 0,
	message TEXT
) STRICT;

-- Lets a write be repeated after a lost answer. Pruned by age.
CREATE TABLE applied_writes (
	write_id TEXT PRIMARY KEY,
	note_id TEXT NOT NULL,
	applied_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
