export type HealthStatus = 'ok' | 'warning' | 'failing';

export interface HealthCheck {
	readonly id: string;
	readonly title: string;
	readonly status: HealthStatus;
	/** Measured, in words with unit; `not available: reason` when it could not be read. */
	readonly value: string;
	readonly threshold: string;
	readonly durationMs: number;
	readonly message: string;
	/** Id of the action that mends it, when one can. */
	readonly fix: HealthFix | null;
}

export type HealthFix =
	| 'restore-backup'
	| 'rebuild-index'
	| 'regenerate-missing'
	| 'back-up-now'
	| 'persist-storage'
	| 'free-space'
	| 'reload-model';

export interface HealthReport {
	readonly status: HealthStatus;
	readonly checks: readonly HealthCheck[];
	readonly checkedAtMs: number;
}
