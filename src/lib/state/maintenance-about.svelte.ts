import type { DatabaseFacts } from '$lib/domain/database-report';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { toAppError } from '$lib/shared/app-error';

export interface AppVersions {
	readonly app: string;
	readonly commit: string;
	readonly transformers: string;
}

/** What this copy of the app is made of. */
export class AboutState {
	#facts = $state.raw<DatabaseFacts | null>(null);
	#reason = $state('not read yet');
	readonly schema = $derived(this.#say((facts) => String(facts.schemaVersion)));
	readonly sqlite = $derived(this.#say((facts) => facts.sqliteVersion));

	constructor(
		readonly versions: AppVersions,
		private readonly service: Pick<MaintenanceService, 'facts'>
	) {}

	load = async (): Promise<void> => {
		try {
			this.#facts = await this.service.facts();
		} catch (thrown) {
			this.#reason = toAppError(thrown).message;
		}
	};

	#say(read: (facts: DatabaseFacts) => string): string {
		return this.#facts ? read(this.#facts) : `not available: ${this.#reason}`;
	}
}
