import type { IntegrityPart } from '$lib/domain/database-report';

export const partWords: Readonly<Record<IntegrityPart, string>> = {
	structure: 'Structure of the file',
	'foreign-keys': 'Links between tables',
	'full-text': 'Word index against the notes',
	'note-hashes': 'Every note against its hash',
	passages: 'Passages against their notes',
	vectors: 'Vectors'
};
