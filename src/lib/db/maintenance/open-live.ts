import type { OpenReport, OpenRequest } from '$lib/protocol/db-api';
import { AppError, isAppError, type ErrorCode } from '$lib/shared/app-error';
import { applicationId, newestSchemaVersion } from '$lib/db/migrations';
import { migrate, readApplicationId, readSchemaVersion } from '$lib/db/migrations/migrate';
import type { PointerState } from '$lib/db/opfs/live-pointer';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { readStructureFindings } from './check-structure';
import type { NotebookContext } from './context';
import { createBackup } from './create-backup';
import { keepRaw } from './secure-today';
import { isScratchPath } from './scratch-file';
import { isGenerationPath, nextGenerationPath } from './switch-generation';

export type LiveState = Pick<OpenReport, 'state' | 'created' | 'schemaVersion' | 'finding'>;

/**
 * Opens the file that the pointer names and looks at it. A file that is damaged, missing or newer is
 * left as it is and reported; only a first run makes a new one.
 */
export const openLive = async (
	context: NotebookContext,
	state: PointerState,
	wish: Wish
): Promise<LiveState> => {
	const choice = choose(context, state, wish);
	context.live.point(choice.path);
	if (choice.code) return recover(context, choice.code, choice.message);
	try {
		if (choice.isNew) await createFirst(context, choice.path);
		else await openExisting(context, choice.path);
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged') && !isAppError(thrown, 'db-newer-than-app')) throw thrown;
		return recover(context, thrown.code, thrown.message);
	}
	if (state.kind !== 'found' && !choice.isNew) await record(context, choice.path);
	removeLeftovers(context, choice.path);
	return {
		state: 'ready',
		created: choice.isNew,
		schemaVersion: newestSchemaVersion,
		finding: null
	};
};

type Wish = Pick<OpenRequest, 'expectExisting' | 'startEmpty'>;

type Choice =
	| { readonly path: string; readonly isNew: boolean; readonly code?: undefined }
	| { readonly path: string | null; readonly code: ErrorCode; readonly message: string };

const choose = (
	{ pool }: NotebookContext,
	state: PointerState,
	{ expectExisting, startEmpty }: Wish
): Choice => {
	const generations = pool.paths().filter(isGenerationPath);
	const recorded = state.kind === 'found' ? state.record.path : null;
	if (recorded !== null && pool.has(recorded)) return { path: recorded, isNew: false };
	if (generations.length === 0 && startEmpty) {
		return { path: nextGenerationPath([], recorded), isNew: true };
	}
	if (recorded !== null) return missing(recorded);
	const [only] = generations;
	if (generations.length > 1) return undecided();
	if (only !== undefined) return { path: only, isNew: isUnborn(pool, only, state) };
	return expectExisting || state.kind === 'unreadable'
		? missing(null)
		: { path: nextGenerationPath([], null), isNew: true };
};

/** A first run that was killed before it had made its tables: nothing was ever recorded or written. */
const isUnborn = (pool: NotebookContext['pool'], path: string, state: PointerState): boolean => {
	if (state.kind !== 'absent') return false;
	const connection = pool.open(path, 'write');
	try {
		const database = toOwnDatabase(connection);
		return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined;
	} catch {
		return false; // Whatever is in it, it is not empty.
	} finally {
		connection.handle.close();
	}
};

const missing = (path: string | null): Choice => ({
	path,
	code: 'db-missing',
	message: 'A notebook was kept in this browser, but its file is gone.'
});

const undecided = (): Choice => ({
	path: null,
	code: 'db-damaged',
	message: 'The record of which file is the notebook cannot be read, and there are several.'
});

const createFirst = async (context: NotebookContext, path: string): Promise<void> => {
	context.pool.remove(path);
	context.pool.open(path, 'create').handle.close();
	context.live.attach(path);
	migrate(toOwnDatabase(context.live.connection()));
	await record(context, path);
};

const record = async ({ pointer, now }: NotebookContext, path: string): Promise<void> => {
	await pointer.write({ path, createdAtMs: now() });
};

const openExisting = async (context: NotebookContext, path: string): Promise<void> => {
	context.live.attach(path);
	const database = toOwnDatabase(context.live.connection());
	const version = readSchemaVersion(database);
	if (version > newestSchemaVersion) migrate(database); // Throws what a newer file is.
	if (readApplicationId(database) !== applicationId || version === 0) {
		throw new AppError('db-damaged', 'The file of the notebook does not hold a notebook any more.');
	}
	const findings = readStructureFindings(database, true);
	if (findings.length > 0) throw new AppError('db-damaged', summarise(findings));
	if (version < newestSchemaVersion) {
		await secureBeforeUpdate(context, path);
		migrate(database);
	}
};

/**
 * Nobody can be asked for a passphrase before the notebook is open. Without it the file is kept as it is,
 * beside the notebook and no less readable than that; it is not listed and not handed out as a backup.
 */
const secureBeforeUpdate = async (context: NotebookContext, path: string): Promise<void> => {
	const label = `before the update to schema ${newestSchemaVersion}`;
	try {
		const order = { kind: 'automatic', label, pinned: false } as const;
		await createBackup(context, order, () => undefined);
	} catch (thrown) {
		if (!isAppError(thrown, 'backup-locked')) throw thrown;
		context.log.info('Kept the file before an update: backups are locked', {
			name: await keepRaw(context, path)
		});
	}
};

const told = 3;

const summarise = (findings: readonly string[]): string => {
	const rest = findings.length - told;
	return [...findings.slice(0, told), ...(rest > 0 ? [`… and ${rest} more.`] : [])].join(' ');
};

const recover = (context: NotebookContext, code: ErrorCode, message: string): LiveState => {
	const { live, pool } = context;
	live.detach();
	// What a killed job left takes the places of files that a salvage needs.
	for (const path of pool.paths()) if (isScratchPath(path)) pool.discard(path);
	return { state: 'recovery', created: false, schemaVersion: null, finding: { code, message } };
};

/** What killed jobs left in the pool. Older generations were secured before the pointer left them. */
const removeLeftovers = ({ pool }: NotebookContext, livePath: string): void => {
	for (const path of pool.paths()) {
		const base = path.replace(/-(journal|wal)$/, '');
		if (base === livePath) continue;
		if (isScratchPath(base) || isGenerationPath(base)) pool.discard(base);
	}
};
