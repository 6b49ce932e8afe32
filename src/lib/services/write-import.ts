import type { ImportedNote, ImportPreview, ImportRemark, ImportReport } from '$lib/domain/import';
import type { JobWatch } from '$lib/domain/progress';
import type { DbApi } from '$lib/protocol/db-api';
import { toAppError, type AppError, type ErrorCode } from '$lib/shared/app-error';
import { toBatches } from './import-batches';

/** After these no later batch can succeed. */
const fatal: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'db-locked',
	'db-damaged',
	'db-missing',
	'db-closed',
	'storage-blocked',
	'storage-full',
	'handle-lost',
	'worker-died'
]);

/** After these nobody knows whether the batch was written. */
const uncertain: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['worker-died', 'timeout']);

/**
 * Writes batch after batch, each one transaction. A batch that fails is reported note by note; those
 * before it stay written, also when the signal ends it between two.
 */
export const writeImport = async (
	db: Pick<DbApi, 'importNotes'>,
	preview: ImportPreview,
	importedAtMs: number,
	{ onProgress, signal }: JobWatch = {}
): Promise<ImportReport> => {
	const refused: ImportRemark[] = [];
	let done = 0;
	let stop: AppError | null = null;
	for (const batch of toBatches(preview.notes)) {
		if (signal?.aborted) stop ??= toAppError(signal.reason);
		if (stop) refused.push(...batch.map((note) => notTried(note)));
		else {
			const outcome = await writeBatch(db, batch, importedAtMs);
			refused.push(...outcome.refused);
			if (outcome.error && fatal.has(outcome.error.code)) stop = outcome.error;
		}
		done += batch.length;
		onProgress?.({ step: 'Writing the notes', done, total: preview.notes.length });
	}
	return { ...toReport(preview, refused), ...(stop ? { stopped: stop } : {}) };
};

const writeBatch = async (
	db: Pick<DbApi, 'importNotes'>,
	batch: readonly ImportedNote[],
	importedAtMs: number
): Promise<{ refused: ImportRemark[]; error: AppError | null }> => {
	try {
		const { outcomes } = await db.importNotes(batch, importedAtMs);
		const refused = batch.flatMap((note, index) => {
			const outcome = outcomes[index];
			if (outcome && outcome.id !== null) return [];
			return [skipped(note, outcome?.reason ?? 'The database did not confirm it.')];
		});
		return { refused, error: null };
	} catch (thrown) {
		const error = toAppError(thrown);
		const reason = uncertain.has(error.code)
			? `The database stopped answering while it was written (${error.message}): import it again; what is there is not taken twice.`
			: `Not written: ${error.message}`;
		return { refused: batch.map((note) => skipped(note, reason)), error };
	}
};

const skipped = (note: ImportedNote, reason: string): ImportRemark => ({
	source: note.source,
	outcome: 'skipped',
	reason
});

const notTried = (note: ImportedNote): ImportRemark =>
	skipped(note, 'Not written: the import had stopped before it.');

/** A note that was not written is skipped, whatever the preview said of it. */
const toReport = (preview: ImportPreview, refused: readonly ImportRemark[]): ImportReport => {
	const lost = new Set(refused.map((remark) => remark.source));
	const remarks = [...preview.remarks.filter((remark) => !lost.has(remark.source)), ...refused];
	const count = (outcome: ImportRemark['outcome']): number =>
		remarks
			.filter((remark) => remark.outcome === outcome)
			.reduce((sum, remark) => sum + (remark.files ?? 1), 0);
	const changed = count('changed');
	return {
		taken: preview.notes.length - refused.length - changed,
		changed,
		skipped: count('skipped'),
		remarks
	};
};
