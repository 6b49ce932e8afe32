import { describeProof, isDrillDue, newestProof, type DrillRecord } from '$lib/domain/drill';
import { checkDrillAge } from '$lib/domain/health-drill';
import type { HealthStatus } from '$lib/domain/health';
import { dayMs, hourMs } from '$lib/shared/time';
import { describe, expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';

const nowMs = Date.UTC(2026, 4, 12, 9, 30);

const aDrill = (ageMs: number, passed = true): DrillRecord => ({
	name: 'x.sqlite3',
	atMs: nowMs - ageMs,
	passed,
	durationMs: 1_400,
	findings: passed ? [] : ['Its SHA-256 is not the recorded one.']
});

describe('a test restore is due', () => {
	const sound = aBackup();
	const bad = aBackup({ verified: false });
	const aside = aBackup({ kind: 'quarantined' });

	test.each<[string, DrillRecord[], ReturnType<typeof aBackup>[], boolean]>([
		['when none was made yet', [], [sound], true],
		['not while there is no backup', [], [], false],
		['not while every backup is bad or put aside', [], [bad, aside], false],
		['not six days after one that passed', [aDrill(6 * dayMs)], [sound], false],
		['a week after one that passed', [aDrill(7 * dayMs)], [sound], true],
		['not an hour after one that failed', [aDrill(hourMs, false)], [sound], false],
		['a day after one that failed', [aDrill(dayMs, false), aDrill(2 * dayMs)], [sound], true],
		['when the clock was put back', [aDrill(-2 * dayMs)], [sound], true],
		['once, not once for every week missed', [aDrill(0), aDrill(90 * dayMs)], [sound], false]
	])('%s', (_, drills, backups, due) => {
		expect(isDrillDue(drills, backups, nowMs)).toBe(due);
	});
});

test('the proof is the newest one that passed, with its age and time', () => {
	const proof = newestProof([aDrill(dayMs, false), aDrill(2 * dayMs), aDrill(9 * dayMs)]);
	expect(proof && describeProof(proof, nowMs)).toBe('proven restorable 2 days ago, takes 1.4 s');
	expect(newestProof([aDrill(dayMs, false)])).toBeNull();
});

describe('health of test restores', () => {
	const judge = (drills: DrillRecord[], ages: number[]) =>
		checkDrillAge(
			{
				ok: true,
				durationMs: 1,
				value: {
					drills,
					backups: ages.map((ageMs) => aBackup({ createdAtMs: nowMs - ageMs }))
				}
			},
			nowMs
		);

	test.each<[string, DrillRecord[], number[], HealthStatus]>([
		['nothing to try yet is fine', [], [], 'ok'],
		['a backup of today was not tried yet, which is fine', [], [hourMs], 'ok'],
		['a backup of three days that was never tried needs you', [], [3 * dayMs], 'warning'],
		['one that passed this week is fine', [aDrill(2 * dayMs)], [3 * dayMs], 'ok'],
		['one that passed three weeks ago needs you', [aDrill(21 * dayMs)], [hourMs], 'warning'],
		['one that failed is failing', [aDrill(hourMs, false), aDrill(dayMs)], [hourMs], 'failing'],
		['one dated ahead is not believed', [aDrill(-3 * dayMs)], [hourMs], 'warning']
	])('%s', (_, drills, ages, status) => {
		const check = judge(drills, ages);
		expect(check.status).toBe(status);
		expect(check.fix).toBe(status === 'ok' ? null : 'test-restore');
	});

	test('says how long a restore takes', () => {
		expect(judge([aDrill(2 * dayMs)], [hourMs]).value).toBe(
			'proven restorable 2 days ago, takes 1.4 s'
		);
	});

	test('a failure names the backup and what is wrong', () => {
		const { message } = judge([aDrill(hourMs, false)], [hourMs]);
		expect(message).toMatch(/x\.sqlite3.*SHA-256/);
	});
});
