import type { FileExamination } from '$lib/domain/file-check';
import { isAppError } from '$lib/shared/app-error';
import { mebibyte, toHex } from '$lib/shared/bytes';
import { createPacer } from '$lib/shared/pacer';
import { sha256 } from '@noble/hashes/sha2.js';
import { toSecret } from '$lib/db/encryption/age';
import { locked } from '$lib/db/encryption/vault';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Connection } from '$lib/db/sqlite/connection';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { NotebookContext } from './context';
import { examineDatabase, type Examination } from './examine-file';
import { openAside, type AsideFile } from './open-aside';
import { isEncrypted, isWrapped, neededSecret } from './peel-file';
import { readSelfHash } from './restore-file';
import type { SelfHash } from '$lib/domain/self-hash';

interface Inside {
	readonly examination: Examination;
	readonly selfHash: SelfHash | null;
	readonly innerSha256: string | null;
}

/**
 * Every check that a restore makes, on a copy that is thrown away: nothing is restored, and nothing is
 * kept for a restore. Rejects with `backup-locked` or `wrong-passphrase` when it cannot be opened.
 */
export const checkFile = async (
	context: NotebookContext,
	blob: Blob,
	name: string,
	secret: string | null
): Promise<FileExamination> => {
	const secrets = secret === null ? context.vault.allSecrets() : [toSecret(secret)];
	const wrapped = await isWrapped(blob);
	const inside = await look(context, { blob, name, secrets }, wrapped).catch(
		async (thrown: unknown) => {
			if (secret !== null || !isAppError(thrown, 'wrong-passphrase')) throw thrown;
			throw locked(await neededSecret(blob), `${name} is encrypted`, name);
		}
	);
	const { report, code, facts } = inside.examination;
	return {
		name,
		sizeBytes: blob.size,
		sha256: await hashBlob(blob),
		innerSha256: inside.innerSha256,
		wrapped,
		encrypted: await isEncrypted(blob),
		report,
		newer: code === 'backup-newer',
		selfHash: inside.selfHash,
		contentHash: facts?.contentHash ?? null
	};
};

const look = async (
	context: NotebookContext,
	file: AsideFile,
	wrapped: boolean
): Promise<Inside> => {
	const { engine, live } = context;
	const today = live.isOpen() ? live.database : null;
	const subject = { name: file.name, sizeBytes: file.blob.size };
	return openAside<Inside | Promise<Inside>>(context, file, {
		refused: (examination) => ({ examination, selfHash: null, innerSha256: null }),
		async opened(database, connection) {
			// Both before the examination, which upgrades the copy of an older backup.
			const innerSha256 = wrapped ? await hashInside(connection) : null;
			const selfHash = await readSelfHash(connection, database);
			const examination = await examineDatabase(engine, database, subject, today, () => undefined);
			return { examination, selfHash, innerSha256 };
		}
	});
};

const hashInside = async (connection: Connection): Promise<string> => {
	const file = toRawFile(connection);
	const size = file.sizeBytes();
	const hash = sha256.create();
	const breathe = createPacer();
	for (let offset = 0; offset < size; offset += mebibyte) {
		hash.update(file.read(offset, Math.min(mebibyte, size - offset)));
		await breathe();
	}
	return toHex(hash.digest());
};
