import { parseChangelog, type Release } from '$lib/domain/changelog';
import type { AppUpdates, UpdateCheck } from '$lib/services/app-updates';
import type {
	BuiltWith,
	BundledPackage,
	VersionReport,
	VersionService
} from '$lib/services/version-service';

export type { BundledPackage, Release };

export interface AboutDeps {
	readonly builtWith: BuiltWith;
	/** CHANGELOG.md */
	readonly changelog: string;
	readonly version: VersionService;
	readonly updates: Pick<AppUpdates, 'check' | 'onUpdateReady'>;
}

/** What this copy of the app is made of, and whether there is a newer one. */
export class AboutState {
	#report = $state.raw<VersionReport | null>(null);
	#checking = $state(false);
	#outcome = $state<UpdateCheck | null>(null);
	/** A new version is fetched and waits for the user's word. */
	#isWaiting = $state(false);
	sought = $state('');
	readonly versions: BuiltWith;
	readonly releases: readonly Release[];
	readonly schema = $derived(this.#say(({ schema }) => schema));
	readonly sqlite = $derived(this.#say(({ sqlite }) => sqlite));
	readonly packages = $derived.by(() => {
		const words = this.sought.trim().toLowerCase();
		return (this.#report?.dependencies ?? []).filter(({ name, licence }) =>
			`${name} ${licence}`.toLowerCase().includes(words)
		);
	});

	constructor(private readonly deps: AboutDeps) {
		this.versions = deps.builtWith;
		this.releases = parseChangelog(deps.changelog);
		deps.updates.onUpdateReady(() => (this.#isWaiting = true));
	}

	get report(): VersionReport | null {
		return this.#report;
	}

	get isChecking(): boolean {
		return this.#checking;
	}

	get isWaiting(): boolean {
		return this.#isWaiting;
	}

	/** What the last look for a new version said; null before the first. */
	get outcome(): UpdateCheck | null {
		return this.#outcome;
	}

	load = async (): Promise<void> => {
		this.#report = await this.deps.version.report();
	};

	check = async (): Promise<void> => {
		if (this.#checking) return;
		this.#checking = true;
		this.#outcome = null;
		this.#outcome = await this.deps.updates.check();
		this.#checking = false;
	};

	#say(read: (report: VersionReport) => number | string | null): string {
		if (!this.#report) return 'not read yet';
		const value = read(this.#report);
		return value === null ? `not available: ${this.#report.unavailable}` : String(value);
	}
}
