import type { BackupManifest } from '$lib/domain/backup';
import { isAppError } from '$lib/shared/app-error';
import type { Secret } from '$lib/db/encryption/age';
import { peek } from '$lib/db/opfs/byte-stream';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { NotebookContext } from './context';
import { examineHeader, refuse, type Refused } from './examine-file';
import { headerBytes, judgeHeader } from './file-header';
import { isWrapped, peelFile } from './peel-file';
import {
	importIntoPool,
	nextScratchPath,
	withForeign,
	withScratch,
	type ForeignWork
} from './scratch-file';

export interface AsideFile {
	readonly blob: Blob;
	readonly name: string;
	/** What may open it when it is encrypted. */
	readonly secrets: readonly Secret[];
}

export interface AsideWork<T> {
	/** The file holds no database, or is damaged before SQLite could be asked. */
	refused(examination: Refused): T;
	readonly opened: ForeignWork<T>;
}

type Opening = Pick<NotebookContext, 'pool' | 'vault'>;

/**
 * Puts the database inside of a file beside the notebook, opens it as one from a stranger, and removes
 * it whatever happens. The file may be the database itself, or compressed, or encrypted. Rejects with
 * `backup-locked` or `wrong-passphrase` when the secrets do not open it.
 */
export const openAside = async <T>(
	context: Opening,
	file: AsideFile,
	{ refused, opened }: AsideWork<T>
): Promise<T> => {
	const { pool } = context;
	if (!(await isWrapped(file.blob))) {
		const bad = await examineHeader(file.blob, file.name);
		return bad ? refused(bad) : withScratch(pool, file.blob, opened);
	}
	const path = nextScratchPath();
	try {
		const bad = await unpack(context, file, path);
		return bad ? refused(bad) : await withForeign(pool, path, opened);
	} finally {
		pool.discard(path);
	}
};

/** A kept backup, with what opens it; throws `backup-locked` when that is not in memory. */
export const toAsideFile = (
	{ vault }: Opening,
	manifest: BackupManifest,
	blob: Blob
): AsideFile => ({
	blob,
	name: manifest.name,
	secrets: manifest.encrypted ? vault.secretsFor(manifest) : []
});

const unpack = async (
	{ pool, vault }: Opening,
	{ blob, name, secrets }: AsideFile,
	path: string
): Promise<Refused | null> => {
	const subject = { name, sizeBytes: blob.size };
	try {
		const peeled = await peelFile(blob, { age: vault.age, name, secrets });
		const { head, stream } = await peek(peeled, headerBytes);
		const { isSqlite, finding } = judgeHeader(head, head.byteLength, name);
		if (!isSqlite) {
			await stream.cancel();
			return refuse(subject, false, [finding ?? `${name} holds no database.`]);
		}
		await importIntoPool(pool, path, stream);
	} catch (thrown) {
		if (!isAppError(thrown, 'backup-invalid') && !isAppError(thrown, 'input-too-large'))
			throw thrown;
		return refuse(subject, false, [thrown.message]);
	}
	const finding = judgeSize(pool, path, name);
	return finding === null ? null : refuse(subject, true, [finding]);
};

const judgeSize = (pool: Opening['pool'], path: string, name: string): string | null => {
	const connection = pool.open(path, 'read');
	try {
		const file = toRawFile(connection);
		const size = file.sizeBytes();
		return judgeHeader(file.read(0, Math.min(headerBytes, size)), size, name).finding;
	} finally {
		connection.handle.close();
	}
};
