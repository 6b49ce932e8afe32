import { hashBlob, largestWholeBytes } from '$lib/db/opfs/hash-blob';
import { takeStorageFault } from '$lib/db/opfs/storage-watch';
import {
	toFixedFile,
	toNewFile,
	toReadable,
	toReadOnly,
	type LentFile
} from '$lib/db/sqlite/lent-file';
import { withLent, type Loan } from '$lib/db/sqlite/lent-files';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toAppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { digest } from '$lib/shared/slice-hash';
import { copyInto, requireSound, type CopyJob, type MadeBackup } from './backup-copy';
import type { ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { addSelfHash, bearsSeal, type Seal } from './self-hash';
import { notReadBack } from './write-backup';

/**
 * The notebook is copied straight to `name.part`, which is flushed, closed and read back. Every check is
 * put to the bytes that were read back, so they are both those that were written and sound.
 */
export const makePlain = async (context: NotebookContext, job: CopyJob): Promise<MadeBackup> => {
	const { engine, files } = context;
	const { name, onStep } = job;
	onStep('Copying the notebook', 0);
	const { part, made } = await files.makePart(name, (file) =>
		withLent(engine, takeStorageFault, toNewFile(file), async (loan) => {
			const facts = copyInto(job.source, loan.uri);
			return { facts, seal: await seal(loan) };
		})
	);
	onStep('Writing and reading back', 1);
	const check = async (file: LentFile): Promise<void> => {
		onStep('Checking the copy', 2);
		const [isWhole, failure] = await Promise.all([
			bearsSeal(toReadable(file), made.seal),
			withLent(engine, takeStorageFault, file, (loan) => judge(loan, made.facts)).catch(toAppError)
		]);
		// Other bytes than those that were written say nothing about the notebook.
		if (!isWhole) throw notReadBack(name);
		if (failure) throw failure;
	};
	const sha256 = await readBack(context, { name, part, check });
	return { facts: made.facts, written: { sha256, sizeBytes: part.size, encrypted: false } };
};

const judge = async (loan: Loan, facts: ContentFacts): Promise<void> => {
	// To be written to, because the check of the full-text index is an INSERT. Nothing is written.
	const copy = toOwnDatabase(loan.open('write'));
	try {
		await requireSound(copy, loan.openBeside, facts);
	} finally {
		copy.close();
	}
};

const seal = async (loan: Loan): Promise<Seal> => {
	const connection = loan.open('write');
	const copy = toOwnDatabase(connection);
	try {
		return await addSelfHash(connection, copy);
	} finally {
		copy.close();
	}
};

interface ReadBack {
	readonly name: string;
	readonly part: File;
	readonly check: (file: LentFile) => Promise<void>;
}

/**
 * SHA-256 of the file, once it passed. The browser hashes in a thread of its own meanwhile. What is too
 * large to be held in memory is held open instead: nobody can change it.
 */
const readBack = async (
	{ files }: NotebookContext,
	{ name, part, check }: ReadBack
): Promise<string> => {
	if (part.size > largestWholeBytes) {
		const sha256 = await hashBlob(part);
		await files.holdPart(name, (file) => check(toReadOnly(file)));
		return sha256;
	}
	const bytes = new Uint8Array(await part.arrayBuffer());
	if (bytes.byteLength !== part.size) throw notReadBack(name);
	const [sha256] = await Promise.all([digest(bytes), check(toFixedFile(bytes))]);
	return toHex(sha256);
};
