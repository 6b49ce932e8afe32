import {
	judgeFile,
	judgeSpoilt,
	judgeUnopened,
	type FileVerdict,
	type KnownFiles
} from '$lib/domain/file-check';
import { copyOfBackup, isUsable, type NewCopy, type OutsideCopy } from '$lib/domain/outside-copy';
import type { BackupManifest } from '$lib/domain/backup';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { CopyFolderService } from './copy-folder-service';
import type { OutsideCopyService } from './outside-copies';

/** Says what a file from outside is, without restoring it. */
export interface FileCheckService {
	/**
	 * By the ledger's hash first, then by the backup's own hash and all checks. Rejects with
	 * `backup-locked` when only its key can tell; with `input-invalid` when the file cannot be read.
	 */
	check(file: File, secret?: string | null): Promise<FileVerdict>;
	/** The same of a backup kept here, or of a file in the folder for copies; `backup-missing` when neither has it. */
	checkNamed(name: string): Promise<NamedVerdict>;
	/** Lets the user choose a file; null when none was chosen. Rejects with `input-invalid` where that needs a click. */
	pick(): Promise<File | null>;
}

export interface NamedVerdict {
	readonly place: 'browser' | 'folder';
	readonly verdict: FileVerdict;
}

export interface FileCheckDeps {
	readonly db: Pick<DbClient, 'hashFile' | 'checkBackupFile' | 'listBackups' | 'readBackup'>;
	readonly copies: OutsideCopyService;
	readonly folder: Pick<CopyFolderService, 'find'>;
	readonly pick: FileCheckService['pick'];
	readonly now: Clock;
}

export const createFileCheck = (deps: FileCheckDeps): FileCheckService => {
	const judge = async (file: File, secret: string | null): Promise<FileVerdict> => {
		await refuseUnreadable(file);
		const [known, sha256] = await Promise.all([readKnown(deps), deps.db.hashFile(file)]);
		return examine(deps, file, secret, { known, sha256 });
	};
	const check: FileCheckService['check'] = async (file, secret = null) => {
		const verdict = await judge(file, secret);
		await keepProof(deps, verdict).catch(() => undefined); // the verdict stands without it
		return verdict;
	};
	return {
		check,
		pick: deps.pick,
		async checkNamed(name) {
			const { backups } = await deps.db.listBackups();
			const kept = backups.find((backup) => backup.name === name);
			// What lies in this browser proves no copy outside of it.
			if (kept) return { place: 'browser', verdict: await judgeKept(deps, kept, judge) };
			const file = await deps.folder.find(name);
			if (file) return { place: 'folder', verdict: await check(file) };
			const message = `There is no backup called ${name}, and no file of that name in a folder for copies.`;
			throw new AppError('backup-missing', message);
		}
	};
};

const judgeKept = async (
	{ db }: FileCheckDeps,
	kept: BackupManifest,
	judge: (file: File, secret: null) => Promise<FileVerdict>
): Promise<FileVerdict> => {
	try {
		return await judge(new File([await db.readBackup(kept.name)], kept.name), null);
	} catch (thrown) {
		if (!isAppError(thrown, 'backup-invalid')) throw thrown;
		return judgeSpoilt(kept, thrown.message);
	}
};

/** What the drag of a folder or of a file that is gone looks like. */
const refuseUnreadable = async (file: File): Promise<void> => {
	try {
		await file.slice(0, 1).arrayBuffer();
	} catch (cause) {
		const message = `${file.name} cannot be read: it is a folder, or it was moved or locked by another program.`;
		throw new AppError('input-invalid', message, { file: file.name }, { cause });
	}
};

const readKnown = async ({ db, copies }: FileCheckDeps): Promise<KnownFiles> => {
	const [ledger, { backups }] = await Promise.all([
		// Without the ledger the file can still be judged by itself.
		copies.list().catch(() => []),
		db.listBackups()
	]);
	return { copies: ledger, backups };
};

const examine = async (
	{ db }: FileCheckDeps,
	file: File,
	secret: string | null,
	{ known, sha256 }: { readonly known: KnownFiles; readonly sha256: string }
): Promise<FileVerdict> => {
	const { name, size: sizeBytes } = file;
	const left = known.copies.find((copy) => copy.sha256 === sha256);
	if (left?.kind === 'recovery-kit') return judgeUnopened({ name, sizeBytes, sha256 }, left, known);
	try {
		const examined = await db.checkBackupFile(file, name, secret);
		if (examined.sha256 !== sha256) throw changedMeanwhile(name);
		return judgeFile(examined, known);
	} catch (thrown) {
		if (!left || !isAppError(thrown, 'backup-locked')) throw thrown;
		return judgeUnopened({ name, sizeBytes, sha256 }, left, known);
	}
};

const changedMeanwhile = (name: string): AppError =>
	new AppError('input-invalid', `${name} was written to while it was checked. Check it again.`);

/** A whole copy that the user has in hand exists outside, whatever the ledger knew of it. */
const keepProof = async ({ copies, now }: FileCheckDeps, verdict: FileVerdict): Promise<void> => {
	const { kind, match, name, sha256, sizeBytes, encrypted } = verdict;
	if (kind !== 'intact' || !match || sha256 === null) return;
	const left = { way: 'found', sha256, sizeBytes, leftAtMs: now(), seenAtMs: now() } as const;
	const proved = { ...left, name, encrypted, verified: true, removedAtMs: null };
	if (match.copy && match.by === 'bytes') await confirmBytes({ copies, now }, match.copy, proved);
	else if (match.backup) await copies.record(copyOfBackup(match.backup, proved));
	else if (match.copy) await copies.record({ ...withoutPlace(match.copy), ...proved });
};

/** A line that was written off stays so: the file in hand is another one with the same bytes. */
const confirmBytes = async (
	{ copies, now }: Pick<FileCheckDeps, 'copies' | 'now'>,
	copy: OutsideCopy,
	proved: Partial<OutsideCopy>
): Promise<void> => {
	const same = (await copies.list()).filter(({ sha256 }) => sha256 === copy.sha256);
	const usable = same.find(isUsable);
	const found: NewCopy = { ...withoutPlace(copy), ...proved };
	if (usable) await copies.confirm(usable, now());
	else if (isUsable({ ...found, id: 0 })) await copies.record(found);
	else await copies.confirm(copy, now());
};

const withoutPlace = (copy: OutsideCopy): NewCopy => {
	const { name, kind, way, leftAtMs, backupAtMs, sizeBytes, sha256, contentHash, notes } = copy;
	const { encrypted, verified, seenAtMs, removedAtMs } = copy;
	return {
		...{ name, kind, way, place: '', leftAtMs, backupAtMs, sizeBytes, sha256, contentHash, notes },
		...{ encrypted, verified, seenAtMs, removedAtMs }
	};
};
