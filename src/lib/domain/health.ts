import type { ErrorCode } from '$lib/shared/app-error';

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
	| 'review-backups' // a snapshot waits for an answer, or clocks disagree about the newest one
	| 'rebuild-index'
	| 'regenerate-missing'
	| 'review-embeddings' // failed or paused: the reasons are listed there
	| 'back-up-now'
	| 'test-restore'
	| 'copy-outside'
	| 'persist-storage'
	| 'free-space'
	| 'reload-model'
	| 'update-app'
	| 'read-errors'
	| 'review-schedule';

export interface HealthReport {
	readonly status: HealthStatus;
	readonly checks: readonly HealthCheck[];
	readonly checkedAtMs: number;
	/** Light leaves out what reads the whole file. */
	readonly depth: 'light' | 'full';
}

/** Something measured, or why it could not be. */
export type Reading<T> =
	| { readonly ok: true; readonly value: T; readonly durationMs: number }
	| {
			readonly ok: false;
			readonly code: ErrorCode;
			readonly reason: string;
			readonly durationMs: number;
	  };

/** What stays the same of a check whatever is measured. */
export interface CheckSpec {
	readonly id: string;
	readonly title: string;
	readonly threshold: string;
}

export interface Finding {
	readonly status: HealthStatus;
	readonly value: string;
	readonly message: string;
	readonly fix?: HealthFix;
}

export const toCheck = (spec: CheckSpec, finding: Finding, durationMs: number): HealthCheck => ({
	...spec,
	status: finding.status,
	value: finding.value,
	message: finding.message,
	fix: finding.fix ?? null,
	durationMs
});

/** Judges a reading; one that failed is amber: nothing is known, which is not the same as fine. */
export const judge = <T>(
	spec: CheckSpec,
	reading: Reading<T>,
	rule: (value: T) => Finding
): HealthCheck => {
	const finding = reading.ok ? rule(reading.value) : notAvailable(reading.reason);
	return toCheck(spec, finding, reading.durationMs);
};

export const notAvailable = (reason: string): Finding => ({
	status: 'warning',
	value: `not available: ${reason}`,
	message: 'This could not be measured, so nothing is known about it.'
});

const rank: Record<HealthStatus, number> = { ok: 0, warning: 1, failing: 2 };

/** The overall light is the worst of the checks. */
export const worstStatus = (checks: readonly Pick<HealthCheck, 'status'>[]): HealthStatus =>
	checks.reduce<HealthStatus>(
		(worst, { status }) => (rank[status] > rank[worst] ? status : worst),
		'ok'
	);
