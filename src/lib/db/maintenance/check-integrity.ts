import type { IntegrityPart, IntegrityPartReport } from '$lib/domain/database-report';
import type { OnProgress } from '$lib/domain/progress';
import { isAppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import type { Database } from '$lib/db/sqlite/database';
import { checkNoteHashes, checkPassages } from './check-notes';
import { checkForeignKeys, checkFullText, checkStructure } from './check-structure';
import { checkVectors } from './check-vectors';
import type { CheckPace, PartCheck, PartContext, PartResult } from './integrity-part';

export const allParts: readonly IntegrityPart[] = [
	'structure',
	'foreign-keys',
	'full-text',
	'note-hashes',
	'passages',
	'vectors'
];

const checks: Record<IntegrityPart, PartCheck> = {
	structure: checkStructure,
	'foreign-keys': checkForeignKeys,
	'full-text': checkFullText,
	'note-hashes': checkNoteHashes,
	passages: checkPassages,
	vectors: checkVectors
};

const steps: Record<IntegrityPart, string> = {
	structure: 'Checking the structure of the file',
	'foreign-keys': 'Checking links between tables',
	'full-text': 'Checking the full-text index',
	'note-hashes': 'Checking every note against its hash',
	passages: 'Checking passages against their notes',
	vectors: 'Checking vectors'
};

/** Runs the parts one after the other. Damage that makes SQLite throw is a finding, not a failure. */
export const checkIntegrity = async (
	database: Database,
	parts: readonly IntegrityPart[],
	quick: boolean,
	onProgress: OnProgress = () => undefined,
	pace: CheckPace = { breathe: createPacer(), isEnded: () => false }
): Promise<IntegrityPartReport[]> => {
	const reports: IntegrityPartReport[] = [];
	for (const [index, part] of parts.entries()) {
		onProgress({ step: steps[part], done: index, total: parts.length });
		reports.push(await checkPart(database, part, { quick, ...pace }));
		await pace.breathe();
	}
	onProgress({ step: 'Checked', done: parts.length, total: parts.length });
	return reports;
};

const checkPart = async (
	database: Database,
	part: IntegrityPart,
	context: PartContext
): Promise<IntegrityPartReport> => {
	const startedAt = performance.now();
	const result = await runCheck(database, part, context);
	const status = result.findings.length === 0 ? 'ok' : 'damaged';
	return { part, status, ...result, durationMs: performance.now() - startedAt };
};

const runCheck = async (
	database: Database,
	part: IntegrityPart,
	context: PartContext
): Promise<PartResult> => {
	try {
		// What is in the cache may be sound while the file is not.
		database.run('PRAGMA shrink_memory');
		return await database.endable(context.isEnded, () => checks[part](database, context));
	} catch (thrown) {
		if (!isAppError(thrown) || !isDamage(thrown.code, thrown.message)) throw thrown;
		return { checked: 0, findings: [`${steps[part]} stopped: ${thrown.message}`], stopped: true };
	}
};

/** A missing table or column is damage of the schema; SQLite reports it as a plain error. */
const isDamage = (code: string, message: string): boolean =>
	code === 'db-damaged' || /no such (table|column)|malformed/.test(message);
