import type { ImportMatch, ImportPreview, ImportRemark } from '$lib/domain/import';
import type { JobWatch } from '$lib/domain/progress';
import type { DbApi } from '$lib/protocol/db-api';
import { toBatches } from './import-batches';

const reasons: Readonly<Record<Exclude<ImportMatch, 'new'>, string>> = {
	same: 'Your notebook has it already, word for word.',
	'other-text':
		'Your notebook has a note of this name in this folder with another text or other tags: both are kept.'
};

/**
 * The preview without the notes that the notebook has already: the same folder chosen again doubles
 * nothing. A note that differs from the one of its name is added beside it, and that is said.
 */
export const compareImport = async (
	db: Pick<DbApi, 'matchImport'>,
	preview: ImportPreview,
	{ onProgress, signal }: JobWatch = {}
): Promise<ImportPreview> => {
	const matches: ImportMatch[] = [];
	for (const batch of toBatches(preview.notes)) {
		signal?.throwIfAborted();
		matches.push(...(await db.matchImport(batch)));
		onProgress?.({
			step: 'Comparing with your notes',
			done: matches.length,
			total: preview.notes.length
		});
	}
	const known = new Set<string>();
	const found = preview.notes.flatMap(({ source }, index): ImportRemark[] => {
		const match = matches[index] ?? 'new';
		if (match === 'new') return [];
		if (match === 'same') known.add(source);
		return [{ source, outcome: match === 'same' ? 'skipped' : 'taken', reason: reasons[match] }];
	});
	return {
		...preview,
		notes: preview.notes.filter(({ source }) => !known.has(source)),
		remarks: [...preview.remarks.filter(({ source }) => !known.has(source)), ...found],
		known: known.size
	};
};
