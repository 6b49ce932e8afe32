import type { Sealing } from '$lib/db/encryption/vault';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import { copyInto, requireSound, type CopyJob, type MadeBackup } from './backup-copy';
import type { NotebookContext } from './context';
import { rawStream } from './pool-stream';
import { nextScratchPath } from './scratch-file';
import { addSelfHash } from './self-hash';
import { writeBackup } from './write-backup';

/** The copy is made and checked beside the notebook: what reaches the backups was encrypted before. */
export const makeSealed = async (
	{ pool, files }: NotebookContext,
	{ source, name, onStep }: CopyJob,
	sealing: Sealing
): Promise<MadeBackup> => {
	const candidate = nextScratchPath();
	try {
		onStep('Copying the notebook', 0);
		pool.remove(candidate);
		const facts = copyInto(source, candidate);
		const connection = pool.open(candidate, 'write');
		const copy = toOwnDatabase(connection);
		try {
			onStep('Checking the copy', 1);
			await requireSound(copy, () => pool.openBeside(candidate), facts);
			await addSelfHash(connection, copy);
			onStep('Encrypting and reading back', 2);
			const plain = rawStream(toRawFile(connection));
			return { facts, written: await writeBackup(files, name, plain, sealing) };
		} finally {
			copy.close();
		}
	} finally {
		pool.discard(candidate);
	}
};
