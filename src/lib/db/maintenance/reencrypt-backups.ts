import { encryptedSuffix, type BackupManifest } from '$lib/domain/backup';
import type { ReencryptReport } from '$lib/domain/backup-encryption';
import type { OnProgress } from '$lib/domain/progress';
import { AppError, isAppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import type { Sealing } from '$lib/db/encryption/vault';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import { estimateFreeBytes } from '$lib/db/opfs/opfs-errors';
import type { NotebookContext } from './context';
import { toAsideFile } from './open-aside';
import { peelFile } from './peel-file';
import { settleKeyChanges } from './settle-key-changes';
import { judgeHash, markBad } from './verify-backup';
import { writeBackup, type WrittenFile } from './write-backup';

/**
 * Brings every kept backup under the present key, one after the other, newest first. Each new file is
 * read back, opened and compared before the old one goes; killed at any point, every backup opens with
 * the old key or with the new one, and the next run goes on with the rest. One that
 * cannot be opened is left and named. Rejects with `backup-locked` while the present key is not in memory.
 */
export const reencryptBackups = async (
	context: NotebookContext,
	onProgress: OnProgress
): Promise<ReencryptReport> => {
	const startedAt = performance.now();
	const sealing = await context.vault.sealing();
	if (!sealing) throw new AppError('input-invalid', 'Encryption of backups is off.');
	const due = (await context.files.list()).filter(({ keyId }) => keyId !== sealing.keyId);
	const left: { name: string; reason: string }[] = [];
	let reencrypted = 0;
	for (const [done, manifest] of due.entries()) {
		onProgress({ step: `Encrypting ${manifest.name}`, done, total: due.length });
		const reason = await reencryptOne(context, manifest, sealing);
		if (reason === null) reencrypted += 1;
		else left.push({ name: manifest.name, reason });
	}
	await context.vault.forgetUnused(await context.files.list());
	onProgress({ step: 'Done', done: due.length, total: due.length });
	return { reencrypted, left, durationMs: performance.now() - startedAt };
};

/** Null when it is done, or why this one stays as it is. A full disk ends the run: it rejects. */
const reencryptOne = async (
	context: NotebookContext,
	manifest: BackupManifest,
	sealing: Sealing
): Promise<string | null> => {
	const { files } = context;
	const { name } = manifest;
	if (manifest.sha256 === '') return 'It has no manifest: verify it first.';
	const file = await files.file(name);
	const findings = judgeHash(manifest, file, await hashBlob(file));
	if (findings.length > 0) {
		await markBad(context, name, findings);
		return findings.join(' ');
	}
	await requireSpace(file.size);
	const target = manifest.encrypted ? name : name + encryptedSuffix;
	try {
		const { secrets } = toAsideFile(context, manifest, file);
		const plain = await peelFile(file, { age: context.vault.age, name, secrets });
		const written = await writeBackup(files, target, plain, sealing);
		assertSame(manifest, written);
		await replace(context, manifest, { ...manifest, name: target, ...written });
		return null;
	} catch (thrown) {
		await settleKeyChanges(context);
		await files.removeLeftovers();
		if (isAppError(thrown, 'backup-locked') || isAppError(thrown, 'wrong-passphrase')) {
			return 'What opens it was not given.';
		}
		if (isAppError(thrown, 'backup-invalid')) return thrown.message;
		throw thrown;
	}
};

const assertSame = (before: BackupManifest, { plainSha256 }: WrittenFile): void => {
	if (plainSha256 === (before.encrypted ? before.plainSha256 : before.sha256)) return;
	throw new AppError('backup-invalid', `${before.name} does not hold what was recorded.`);
};

/**
 * [Note: Changing the key of a file] File and manifest are two. So the manifest first names what the
 * file is about to become, then the file changes, whole, then the manifest says so. Whatever was
 * reached when the tab was killed, `settle-key-changes` finds the file to be one of the two. A plain
 * backup gets a new name: both lie there for a moment, and the plain one goes last.
 */
const replace = async (
	{ files }: NotebookContext,
	before: BackupManifest,
	after: BackupManifest
): Promise<void> => {
	if (before.name !== after.name) {
		await files.saveManifest(after);
		await files.finishPart(after.name);
		await files.remove(before.name);
		return;
	}
	const { sha256, sizeBytes, keyId = '' } = after;
	await files.saveManifest({ ...before, pending: { sha256, sizeBytes, keyId } });
	await files.finishPart(after.name);
	await files.saveManifest(after);
};

const requireSpace = async (fileBytes: number): Promise<void> => {
	const neededBytes = fileBytes + mebibyte;
	const freeBytes = await estimateFreeBytes();
	if (freeBytes === null || freeBytes >= neededBytes) return;
	const message = 'There is not enough free storage to encrypt a backup anew. It stays as it was.';
	throw new AppError('storage-full', message, { neededBytes, freeBytes });
};
