import {
	damageKinds,
	describeFinders,
	describeRepair,
	isDamageKind,
	nameCheck
} from '$lib/domain/simulation';
import type { Command } from './command';
import { UsageError } from './usage-error';

const simulateDamage: Command = {
	name: 'simulate_damage',
	usage: `simulate_damage NAME --kind ${damageKinds.join('|')} [--seed N]`,
	summary: 'Damages a copy of a backup: which check finds it, what is saved. Nothing of it stays.',
	required: ['NAME'],
	options: [
		{ name: '--kind', kind: 'choice', choices: damageKinds },
		{ name: '--seed', kind: 'number' }
	],
	run: async (args, { backups }) => {
		const kind = args.text('--kind');
		if (kind === null || !isDamageKind(kind)) throw new UsageError('--kind is missing.');
		const order = { name: args.word(0), kind, seed: args.number('--seed') ?? 1 };
		const report = await backups.simulate(order);
		const checks = report.checks.map((check) => ({ ...check, title: nameCheck(check.id) }));
		const [finders, repair] = [describeFinders(report.checks), describeRepair(report)];
		const after = report.untouched
			? 'The copy is gone; the backup is the same byte for byte.'
			: 'The backup is NOT the same as before: verify it.';
		const lines = checks.map(({ title, outcome, message }) => `- ${title}: ${outcome}. ${message}`);
		return {
			ok: report.untouched,
			text: [report.done, finders, ...lines, repair, after].join('\n'),
			data: { ...report, checks, finders, repair }
		};
	}
};

export const simulationCommands: readonly Command[] = [simulateDamage];
