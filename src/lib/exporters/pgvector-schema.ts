import { toIso } from '$lib/shared/time';
import { sqlText } from './sql-text';

export interface ExportFacts {
	readonly model: string;
	readonly dimensions: number;
	readonly appVersion: string;
	readonly exportedAtMs: number;
}

/** pgvector's HNSW takes no longer vectors. */
const mostIndexed = 2_000;

export const schemaSql = ({
	model,
	dimensions,
	appVersion,
	exportedAtMs
}: ExportFacts): string => `\
-- Notes of AI Notes ${appVersion}, for PostgreSQL 13 or later with pgvector 0.5 or later.
--
--   createdb --encoding=UTF8 notes
--   psql --set ON_ERROR_STOP=1 --dbname notes --file THIS_FILE
--
-- It loads whole or not at all, into a schema of its own; loading it twice is refused.
-- To take it away again: DROP SCHEMA ai_notes CASCADE;

BEGIN;
SET LOCAL client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA ai_notes;
SELECT set_config('search_path', 'ai_notes, ' || current_setting('search_path'), true);

-- Vectors of a question must come from this model.
CREATE TABLE about (
	model text NOT NULL,
	dimensions integer NOT NULL,
	exported_at timestamptz NOT NULL,
	app_version text NOT NULL
);
INSERT INTO about VALUES (${sqlText(model)}, ${dimensions}, '${toIso(exportedAtMs)}', ${sqlText(appVersion)});

CREATE TABLE notes (
	id text PRIMARY KEY,
	title text NOT NULL,
	body text NOT NULL,
	path text NOT NULL,
	pinned boolean NOT NULL,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE TABLE note_tags (
	note_id text NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
	tag text NOT NULL,
	PRIMARY KEY (note_id, tag)
);

-- Text: what the model read. No vector: it was not embedded yet.
CREATE TABLE passages (
	id bigint PRIMARY KEY,
	note_id text NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
	ordinal integer NOT NULL,
	text text NOT NULL,
	embedding vector${dimensions > 0 ? `(${dimensions})` : ''}
);

`;

export interface ExportCounts {
	readonly notes: number;
	readonly tags: number;
	readonly passages: number;
	readonly vectors: number;
}

export const closingSql = (
	{ notes, tags, passages, vectors }: ExportCounts,
	dimensions: number
): string => `
CREATE INDEX note_tags_by_tag ON note_tags (tag);
CREATE INDEX passages_by_note ON passages (note_id, ordinal);
${indexSql(dimensions)}

-- The notes nearest to a vector, each by its best passage.
CREATE FUNCTION nearest_notes(query vector, wanted integer DEFAULT 10)
RETURNS TABLE (note_id text, title text, similarity double precision)
LANGUAGE sql STABLE SET search_path FROM CURRENT SET hnsw.ef_search = 400 AS $function$
	SELECT n.id, n.title, 1 - min(p.distance)
	FROM (
		SELECT near.note_id, near.embedding <=> query AS distance FROM passages near
		WHERE near.embedding IS NOT NULL ORDER BY near.embedding <=> query LIMIT 400
	) p
	JOIN notes n ON n.id = p.note_id
	GROUP BY n.id, n.title ORDER BY min(p.distance), n.id LIMIT wanted
$function$;

-- A file that was cut off or changed is not taken.
DO $check$ BEGIN
	IF (SELECT count(*) FROM notes) <> ${notes}
		OR (SELECT count(*) FROM note_tags) <> ${tags}
		OR (SELECT count(*) FROM passages) <> ${passages}
		OR (SELECT count(embedding) FROM passages) <> ${vectors}
	THEN RAISE EXCEPTION 'this file is not complete: export again';
	END IF;
END $check$;
COMMIT;

-- Example: the ten notes nearest in meaning to one passage. Put the vector of a question in its place.
--
-- SELECT * FROM ai_notes.nearest_notes(
-- 	(SELECT embedding FROM ai_notes.passages WHERE embedding IS NOT NULL ORDER BY id LIMIT 1), 10);
`;

const indexSql = (dimensions: number): string => {
	if (dimensions === 0) return '-- No model yet, so there are no vectors to index.';
	if (dimensions > mostIndexed) {
		return `-- No index: HNSW takes up to ${mostIndexed} dimensions; every vector is compared instead.`;
	}
	return 'CREATE INDEX passages_by_meaning ON passages USING hnsw (embedding vector_cosine_ops);';
};
