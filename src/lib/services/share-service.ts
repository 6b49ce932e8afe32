import type { BackupManifest } from '$lib/domain/backup';
import { copyOfBackup } from '$lib/domain/outside-copy';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { OutsideCopyService } from './outside-copies';

/** Hands a backup to another app of the device: what phones have in place of a folder. */
export interface ShareService {
	/** Whether this device shares files at all. */
	readonly available: boolean;
	/** Resolves when another app took it. To be called from a click. */
	share(name: string): Promise<BackupManifest>;
}

/** The part of `navigator` that is used. */
export interface Sharer {
	canShare?(data: { readonly files: File[] }): boolean;
	share?(data: { readonly files: File[]; readonly title: string }): Promise<void>;
}

export interface ShareDeps {
	readonly db: Pick<DbClient, 'listBackups' | 'readBackup' | 'hashFile'>;
	readonly copies: Pick<OutsideCopyService, 'record'>;
	readonly sharer: Sharer;
	readonly now: Clock;
}

const toFile = (blob: Blob, name: string): File =>
	new File([blob], name, { type: 'application/octet-stream' });

export const createShareService = ({ db, copies, sharer, now }: ShareDeps): ShareService => {
	const sample = toFile(new Blob(['x']), 'ai-notes.sqlite3');
	return {
		available: Boolean(sharer.share && sharer.canShare?.({ files: [sample] })),
		async share(name) {
			const { backups } = await db.listBackups();
			const manifest = backups.find((backup) => backup.name === name);
			if (!manifest) throw new AppError('backup-missing', `There is no backup called ${name}.`);
			const blob = await db.readBackup(name);
			// Nothing in between: the browser shares only for a few seconds after the click.
			await hand(sharer, toFile(blob, name));
			const sha256 = manifest.sha256 || (await db.hashFile(blob));
			const left = { way: 'share', sha256, sizeBytes: blob.size, leftAtMs: now() } as const;
			await copies.record(copyOfBackup(manifest, left));
			return manifest;
		}
	};
};

const hand = async (sharer: Sharer, file: File): Promise<void> => {
	if (!sharer.share || !sharer.canShare?.({ files: [file] })) throw refused(file, 'unfit');
	try {
		await sharer.share({ files: [file], title: file.name });
	} catch (cause) {
		const name = cause instanceof Error ? cause.name : '';
		if (name === 'AbortError') throw new AppError('cancelled', 'Nothing was shared.');
		throw refused(file, name === 'NotAllowedError' ? 'late' : 'unfit', cause);
	}
};

const reasons = {
	unfit: 'this device does not pass on such a file, or not one of this size. Download it instead.',
	late: 'the browser allows that only right after a click, and reading it took too long. Press Share once more, or download it.'
} as const;

const refused = ({ name }: File, reason: keyof typeof reasons, cause?: unknown): AppError =>
	new AppError(
		'copy-failed',
		`${name} was not shared: ${reasons[reason]}`,
		{ problem: 'share' },
		{ cause }
	);
