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
			const sha256 = await db.hashFile(blob);
			await hand(sharer, toFile(blob, name));
			const left = { way: 'share', sha256, sizeBytes: blob.size, leftAtMs: now() } as const;
			await copies.record(copyOfBackup(manifest, left));
			return manifest;
		}
	};
};

const hand = async (sharer: Sharer, file: File): Promise<void> => {
	try {
		if (!sharer.share) throw new DOMException('no such function', 'NotSupportedError');
		await sharer.share({ files: [file], title: file.name });
	} catch (cause) {
		if (cause instanceof Error && cause.name === 'AbortError') {
			throw new AppError('cancelled', 'Nothing was shared.');
		}
		const message = `${file.name} was not shared: this device does not pass on such a file. Download it instead.`;
		throw new AppError('copy-failed', message, { problem: 'share' }, { cause });
	}
};
