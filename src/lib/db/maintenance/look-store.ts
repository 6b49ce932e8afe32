import type { LookReport } from '$lib/domain/backup-look';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import type { Mutex } from '$lib/shared/mutex';
import { minuteMs } from '$lib/shared/time';
import { migrate, readApplicationId, readSchemaVersion } from '$lib/db/migrations/migrate';
import { applicationId, newestSchemaVersion } from '$lib/db/migrations';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Database } from '$lib/db/sqlite/database';
import type { NotebookContext } from './context';
import { judgeSchema } from './expected-schema';
import { BackupLook, type Today } from './look-into';
import type { BackupStore } from './notebook';
import { openAside, toAsideFile } from './open-aside';
import { judgeHash } from './verify-backup';

type Looking = Pick<
	BackupStore,
	'openLook' | 'listLook' | 'readLookNote' | 'readLookSlice' | 'readLookNotes' | 'closeLook'
>;

interface OpenLook {
	readonly id: string;
	readonly look: BackupLook;
	/** Closes the scratch copy and removes it. */
	readonly release: () => Promise<void>;
}

/** A visit that nobody goes on with gives its space back. */
const longestIdleMs = 15 * minuteMs;

/**
 * One backup at a time, open for reading as a scratch copy, for as long as somebody looks at it. What a
 * killed tab leaves goes at the next start, as every scratch copy does.
 */
export const createLooking = (
	context: NotebookContext,
	queue: Mutex
): Looking & { endLooks(): Promise<void> } => {
	let current: OpenLook | null = null;
	let idle: ReturnType<typeof setTimeout> | undefined;
	let looks = 0;

	const end = async (): Promise<void> => {
		clearTimeout(idle);
		const ending = current;
		current = null;
		await ending?.release();
	};
	const stayAwake = (): void => {
		clearTimeout(idle);
		idle = setTimeout(() => void end(), longestIdleMs);
	};
	const find = (id: string): BackupLook => {
		if (current?.id !== id) {
			throw new AppError('backup-missing', 'The backup is not open for reading any more.');
		}
		stayAwake();
		return current.look;
	};

	return {
		endLooks: end,
		openLook: (name, onProgress) =>
			queue.run(async () => {
				await end();
				const opened = await openScratch(context, name, onProgress);
				const id = `look-${(looks += 1)}`;
				const look = new BackupLook(name, opened.database, () => readToday(context));
				try {
					const report = describe(id, look, opened);
					current = { id, look, release: opened.release };
					stayAwake();
					return report;
				} catch (thrown) {
					await opened.release();
					throw thrown;
				}
			}),
		listLook: async (id, query) => find(id).list(query),
		readLookNote: async (id, noteId) => find(id).note(noteId),
		readLookSlice: async (id, afterId, limit) => find(id).slice(afterId, limit),
		readLookNotes: async (id, noteIds, modelKey) => find(id).notes(noteIds, modelKey),
		closeLook: (id) =>
			queue.run(async () => {
				if (current?.id === id) await end();
			})
	};
};

interface OpenedScratch {
	readonly database: Database;
	readonly findings: readonly string[];
	readonly release: () => Promise<void>;
}

const describe = (id: string, look: BackupLook, opened: OpenedScratch): LookReport => ({
	lookId: id,
	name: look.name,
	notes: opened.database.get<{ n: number }>('SELECT count(*) AS n FROM notes')?.n ?? 0,
	findings: opened.findings
});

/** Held open by work that does not end before `release` is called. */
const openScratch = async (
	context: NotebookContext,
	name: string,
	onProgress: OnProgress
): Promise<OpenedScratch> => {
	const manifest = await context.files.manifest(name);
	const file = await context.files.file(name);
	onProgress({ step: 'Reading the backup', done: 0, total: 2 });
	const findings = judgeHash(manifest, file, await hashBlob(file));
	onProgress({ step: 'Opening a copy of it', done: 1, total: 2 });
	const opened = Promise.withResolvers<Database>();
	const released = Promise.withResolvers<void>();
	const held = openAside<Promise<void>>(context, toAsideFile(context, manifest, file), {
		refused({ report }) {
			throw new AppError('backup-invalid', report.findings.join(' '));
		},
		async opened(database) {
			prepare(context, database, name);
			opened.resolve(database);
			await released.promise;
		}
	});
	held.catch(opened.reject);
	const database = await opened.promise;
	const release = async (): Promise<void> => {
		released.resolve();
		await held;
	};
	return { database, findings, release };
};

/** Whose it is, its version and its tables: queries must find what they expect. Upgrades the copy. */
const prepare = ({ engine }: NotebookContext, database: Database, name: string): void => {
	const version = readSchemaVersion(database);
	if (readApplicationId(database) !== applicationId || version < 1) {
		throw new AppError('backup-invalid', `${name} is not a backup that AI Notes made.`);
	}
	if (version > newestSchemaVersion) {
		throw new AppError('backup-newer', `${name} was made by a newer version of the app.`);
	}
	const { findings } = judgeSchema(engine, database, version, name);
	if (findings.length > 0) throw new AppError('backup-invalid', findings.join(' '));
	migrate(database);
};

const readToday = ({ live }: NotebookContext): Today =>
	live.isOpen()
		? {
				database: live.database,
				version: `${live.path()}:${live.connection().handle.changes(true)}`
			}
		: { database: null, version: 'none' };
