import type { HealthCheck } from '$lib/domain/health';
import type { StorageReport } from '$lib/services/maintenance-service';
import { formatBytes } from '$lib/shared/bytes';
import type { Command } from './command';
import { table } from './text-table';

const healthCheck: Command = {
	name: 'health_check',
	usage: 'health_check [--verbose]',
	summary: 'Runs every check; shows those that are not ok, or all of them.',
	options: [{ name: '--verbose', kind: 'flag' }],
	run: async (args, { health }) => {
		const report = await health.run('full');
		const shown = args.flag('--verbose')
			? report.checks
			: report.checks.filter((check) => check.status !== 'ok');
		const rows = shown.map((each) => [each.status, each.title, each.value, each.message]);
		const list = rows.length ? `\n${table(['', 'Check', 'Measured', 'What it means'], rows)}` : '';
		return {
			text: `Health: ${report.status} (${report.checks.length} checks)${list}`,
			data: { status: report.status, checks: shown.map(toCheckData) }
		};
	}
};

const toCheckData = (check: HealthCheck): HealthCheck => ({
	id: check.id,
	title: check.title,
	status: check.status,
	value: check.value,
	threshold: check.threshold,
	durationMs: check.durationMs,
	message: check.message,
	fix: check.fix
});

const storage: Command = {
	name: 'storage',
	usage: 'storage [--persist]',
	summary: 'Shows what the notebook takes; --persist asks the browser to keep it.',
	options: [{ name: '--persist', kind: 'flag' }],
	run: async (args, { maintenance }) => {
		const answer = args.flag('--persist') ? await maintenance.persist() : null;
		const { persisted, quotaBytes, usageBytes, byPurpose } = await maintenance.storage();
		const { notes, vectors, backups, models, logs, app } = byPurpose;
		const refused = answer === false ? 'The browser did not agree to keep the data.\n' : '';
		return {
			text: refused + describeStorage({ persisted, quotaBytes, usageBytes, byPurpose }),
			data: {
				persisted,
				quotaBytes,
				usageBytes,
				byPurpose: { notes, vectors, backups, models, logs, app }
			}
		};
	}
};

const unknown = 'not available: the browser does not tell';

const describeStorage = (report: StorageReport): string => {
	const size = (bytes: number | null): string => (bytes === null ? unknown : formatBytes(bytes));
	const kept = report.persisted ? 'yes' : 'no: the browser may clear it when space is short';
	return table(
		['Storage', ''],
		[
			['kept by the browser', report.persisted === null ? unknown : kept],
			['used', size(report.usageBytes)],
			['allowed', size(report.quotaBytes)],
			...Object.entries(report.byPurpose).map(([purpose, bytes]) => [purpose, size(bytes)])
		]
	);
};

export const healthCommands: readonly Command[] = [healthCheck, storage];
