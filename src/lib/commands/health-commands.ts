import type { HealthCheck } from '$lib/domain/health';
import { storagePurposes, type StorageReport } from '$lib/services/storage-report';
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
		const report = await maintenance.storage();
		const { persisted, quotaBytes, usageBytes, byPurpose, unavailable } = report;
		const { notes, vectors, backups, models, logs, app } = byPurpose;
		const refused = answer === false ? 'The browser did not agree to keep the data.\n' : '';
		return {
			text: refused + describeStorage(report),
			data: {
				persisted,
				quotaBytes,
				usageBytes,
				byPurpose: { notes, vectors, backups, models, logs, app },
				unavailable
			}
		};
	}
};

const describeStorage = ({
	persisted,
	quotaBytes,
	usageBytes,
	byPurpose,
	unavailable
}: StorageReport): string => {
	const unknown = (path: string): string => `not available: ${unavailable[path]}`;
	const size = (path: string, bytes: number | null): string =>
		bytes === null ? unknown(path) : formatBytes(bytes);
	const kept = persisted ? 'yes' : 'no: the browser may clear it when space is short';
	return table(
		['Storage', ''],
		[
			['kept by the browser', persisted === null ? unknown('persisted') : kept],
			['used, by its estimate', size('usageBytes', usageBytes)],
			['allowed, by its estimate', size('quotaBytes', quotaBytes)],
			...storagePurposes.map((purpose) => [
				purpose,
				size(`byPurpose.${purpose}`, byPurpose[purpose])
			])
		]
	);
};

export const healthCommands: readonly Command[] = [healthCheck, storage];
