import { newestVerified, type BackupList, type BackupManifest } from '$lib/domain/backup';
import type { BackupService } from '$lib/services/backup-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { ShareService } from '$lib/services/share-service';
import { BackupRotation } from './backups-rotation.svelte';
import { MaintenanceTask } from './maintenance-task.svelte';
import type { ToastsState } from './toasts.svelte';

/** How an action on a row ended. `good` is false when it ran to its end and found something wrong. */
export interface ActionOutcome {
	readonly good: boolean;
	readonly text: string;
}

/** The list of backups and everything done with a row, but the restore. */
export class BackupsState {
	#list = $state.raw<BackupList | null>(null);
	#listError = $state.raw<PresentedError | null>(null);
	/** Name of the backup that the running or last row action is about. */
	#subject = $state<string | null>(null);
	label = $state('');
	pinned = $state(false);
	readonly creating = new MaintenanceTask<BackupManifest>();
	readonly action = new MaintenanceTask<ActionOutcome>();
	readonly backups = $derived<readonly BackupManifest[]>(this.#list?.backups ?? []);
	readonly newest = $derived(newestVerified(this.backups));
	readonly totalBytes = $derived(this.backups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
	readonly quarantined = $derived(this.backups.filter(({ kind }) => kind === 'quarantined'));

	readonly rotation: BackupRotation;

	constructor(
		private readonly service: BackupService,
		private readonly sharing: ShareService,
		private readonly toasts: ToastsState
	) {
		this.rotation = new BackupRotation(service, () => this.backups);
		service.onChanged(() => {
			if (this.#list || this.#listError) void this.load();
		});
	}

	get list(): BackupList | null {
		return this.#list;
	}

	get listError(): PresentedError | null {
		return this.#listError;
	}

	/** Whether this device passes files on to other apps. */
	get canShare(): boolean {
		return this.sharing.available;
	}

	get subject(): string | null {
		return this.#subject;
	}

	load = async (): Promise<void> => {
		try {
			this.#list = await this.service.list();
			this.#listError = null;
			await this.rotation.load();
		} catch (thrown) {
			this.#listError = presentError(thrown);
		}
	};

	create = async (): Promise<void> => {
		const { label, pinned } = this;
		const made = await this.creating.run(async (onProgress) =>
			this.service.create({ label, pinned, onProgress })
		);
		if (made) {
			this.label = '';
			this.pinned = false;
		}
		await this.load();
	};

	verify = async (name: string): Promise<void> =>
		this.#act(name, async (onProgress) => {
			const { verified, findings } = await this.service.verify(name, onProgress);
			return verified
				? good(`${name} was read again: checksum, structure, counts and every note match.`)
				: { good: false, text: `${name} is not usable: ${findings.join(' ')}` };
		});

	test = async (name: string): Promise<void> =>
		this.#act(name, async (onProgress) => {
			const { passed, durationMs, checks } = await this.service.test(name, onProgress);
			const failed = checks.filter((check) => !check.passed).map(({ message }) => message);
			const seconds = (durationMs / 1000).toFixed(1);
			return passed
				? good(
						`${name} was restored beside the notebook, checked and removed again in ${seconds} s. Your notes were not touched.`
					)
				: { good: false, text: `${name} did not pass the test restore: ${failed.join(' ')}` };
		});

	download = async (name: string): Promise<void> =>
		this.#act(name, async () => {
			await this.service.download(name);
			return good(`${name} was handed to the browser’s downloads. Look there whether it arrived.`);
		});

	share = async (name: string): Promise<void> =>
		this.#act(name, async () => {
			await this.sharing.share(name);
			return good(`${name} was passed on. Look there whether it arrived.`);
		});

	pin = async (name: string, pinned: boolean): Promise<void> =>
		this.#act(name, async () => {
			const manifest = await this.service.pin(name, pinned);
			return good(
				manifest.pinned
					? `${name} is pinned: rotation never removes it.`
					: `${name} is no longer pinned.`
			);
		});

	setLabel = async (name: string, label: string): Promise<void> =>
		this.#act(name, async () => {
			const manifest = await this.service.label(name, label);
			return good(
				manifest.label ? `${name} is “${manifest.label}” now.` : `${name} has no label now.`
			);
		});

	/** The file stays until the message with Undo has gone. */
	remove = async (name: string): Promise<void> => {
		await this.#act(name, async () => {
			await this.service.removeWithUndo(name);
			this.#offerUndo(name);
			return good(`${name} was deleted.`);
		});
	};

	#offerUndo(name: string): void {
		let undone = false;
		const run = (): void => {
			undone = true;
			void this.#act(name, async () => {
				await this.service.undoRemove(name);
				return good(`${name} is back.`);
			});
		};
		const onGone = (): void => {
			// What fails here is done when the app is opened the next time.
			if (!undone) this.service.finishRemove(name).catch(() => undefined);
		};
		this.toasts.say('Backup deleted.', { label: 'Undo', run }, onGone);
	}

	/** One answer for all that wait: they were put aside for the same reason. */
	answerQuarantine = async (accept: boolean): Promise<void> => {
		const names = this.quarantined.map(({ name }) => name);
		await this.#act(names.join(', '), async () => {
			for (const name of names) await this.service.resolveQuarantine(name, accept);
			return good(
				accept
					? `${names.join(', ')}: counted as normal from now on.`
					: `${names.join(', ')}: deleted; the backups before are as they were.`
			);
		});
	};

	downloadRaw = async (): Promise<void> =>
		this.#act('the notebook’s file', async () => {
			await this.service.downloadRawDatabase();
			return good('The file as it lies on disk was handed to the browser’s downloads.');
		});

	async #act(
		name: string,
		work: Parameters<MaintenanceTask<ActionOutcome>['run']>[0]
	): Promise<void> {
		this.#subject = name;
		await this.action.run(work);
		await this.load();
	}
}

const good = (text: string): ActionOutcome => ({ good: true, text });
