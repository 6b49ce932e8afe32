import type { BackupEncryption, RecoveryKey, ReencryptReport } from '$lib/domain/backup-encryption';
import type { BackupService } from '$lib/services/backup-service';
import type { EncryptionService } from '$lib/services/encryption-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

/** So many letters of a new key must be typed back. */
const proofLength = 6;

/** How backups are encrypted: the choice, the recovery key shown once, and the change of passphrase. */
export class BackupEncryptionState {
	#status = $state.raw<BackupEncryption | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	/** A new key on show. Nothing is encrypted with it before the user proved to have it. */
	#newKey = $state.raw<RecoveryKey | null>(null);
	proof = $state('');
	readonly choosing = new MaintenanceTask<string>();
	readonly finishing = new MaintenanceTask<ReencryptReport>();
	readonly isBusy = $derived(this.choosing.isRunning || this.finishing.isRunning);
	readonly isProven = $derived.by(() => {
		const end = this.#newKey?.identity.slice(-proofLength);
		return end !== undefined && this.proof.replace(/\s+/g, '').toUpperCase() === end;
	});
	readonly proofLength = proofLength;

	constructor(
		private readonly service: EncryptionService,
		backups: Pick<BackupService, 'onChanged'>
	) {
		backups.onChanged(() => {
			if (this.#status || this.#error) void this.load();
		});
	}

	get status(): BackupEncryption | null {
		return this.#status;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	get newKey(): RecoveryKey | null {
		return this.#newKey;
	}

	load = async (): Promise<void> => {
		try {
			this.#status = await this.service.status();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	usePassphrase = async (): Promise<void> =>
		this.#choose(async () => {
			await this.service.askForPassphrase();
			return 'New backups are encrypted with your passphrase.';
		});

	turnOff = async (): Promise<void> =>
		this.#choose(async () => {
			await this.service.choose({ mode: 'off' });
			return 'New backups are plain files. The encrypted ones stay as they are.';
		});

	makeRecoveryKey = async (): Promise<void> => {
		this.proof = '';
		await this.choosing.run(async () => {
			this.#newKey = await this.service.createRecoveryKey();
			return '';
		});
	};

	/** After the end of the key was typed back. */
	useRecoveryKey = async (): Promise<void> => {
		const key = this.#newKey;
		if (!key || !this.isProven) return;
		await this.#choose(async () => {
			await this.service.choose({ mode: 'recovery-key', recipient: key.recipient });
			this.#newKey = null;
			return 'New backups are encrypted for your recovery key.';
		});
	};

	dropRecoveryKey = (): void => {
		this.#newKey = null;
		this.proof = '';
	};

	unlock = async (): Promise<void> =>
		this.#choose(async () => {
			const first = this.#status?.canBackUp ? (this.#status.locked[0] ?? null) : null;
			const why = first
				? `${first} is encrypted with another key than new backups.`
				: 'It stays in memory until you close the app.';
			await this.service.askToUnlock({ why, need: first ? 'secret' : 'passphrase' }, first);
			return 'Unlocked until you close the app.';
		});

	lock = async (): Promise<void> =>
		this.#choose(async () => {
			await this.service.lock();
			return 'Locked: the passphrase is forgotten here.';
		});

	changePassphrase = async (): Promise<void> =>
		this.#finish(async (onProgress) => this.service.rotatePassphrase(onProgress));

	/** Brings older backups under the present key. */
	finish = async (): Promise<void> =>
		this.#finish(async (onProgress) => this.service.finish(onProgress));

	async #choose(work: () => Promise<string>): Promise<void> {
		this.finishing.reset();
		await this.choosing.run(work);
		await this.load();
	}

	async #finish(work: Parameters<MaintenanceTask<ReencryptReport>['run']>[0]): Promise<void> {
		this.choosing.reset();
		await this.finishing.run(work);
		await this.load();
	}
}

/** How a change of passphrase ended, in words. */
export const describeReencryption = ({ reencrypted, left }: ReencryptReport): string => {
	const done = `${plural(reencrypted, 'backup')} encrypted anew, read back and opened.`;
	if (left.length === 0) return done;
	const names = left.map(({ name, reason }) => `${name}: ${reason}`).join(' ');
	return `${done} ${plural(left.length, 'backup')} left as before. ${names}`;
};
