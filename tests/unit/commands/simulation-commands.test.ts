import { createManage } from '$lib/commands/manage';
import type { SimulationOrder, SimulationReport } from '$lib/domain/simulation';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';
import { aSimulation } from '../../support/a-simulation';

const manageWith = (report: SimulationReport) => {
	const asked: SimulationOrder[] = [];
	const simulate = (order: SimulationOrder) => {
		asked.push(order);
		return Promise.resolve(report);
	};
	return { asked, manage: createManage(fakeServices({ backups: { simulate } })) };
};

test('simulate_damage says what was done, who found it, what is saved and that nothing stays', async () => {
	const { asked, manage } = manageWith(aSimulation());
	const { ok, text, data } = await manage('simulate_damage a.sqlite3 --kind flip-letter --seed 7');
	expect(asked).toEqual([{ name: 'a.sqlite3', kind: 'flip-letter', seed: 7 }]);
	expect(ok).toBe(true);
	expect(text).toContain('One letter of a note was changed');
	expect(text).toContain('- Hash of every note: found. Note b does not match.');
	expect(text).toContain('A salvage saves 3 notes; put together with older.sqlite3');
	expect(text).toContain('the same byte for byte');
	expect(data).toMatchObject({ untouched: true, checks: [{ title: 'Checksum of the file' }, {}] });
});

test('a backup that changed meanwhile is a failure, and said so', async () => {
	const { manage } = manageWith(aSimulation({ untouched: false }));
	const { ok, text } = await manage('simulate_damage a.sqlite3 --kind truncate');
	expect(ok).toBe(false);
	expect(text).toContain('NOT the same as before');
});

test('a kind is asked for, and only the known ones are taken', async () => {
	const { asked, manage } = manageWith(aSimulation());
	for (const line of ['simulate_damage a', 'simulate_damage a --kind explode', 'simulate_damage']) {
		const { ok, text } = await manage(line);
		expect(ok, line).toBe(false);
		expect(text, line).toContain('Usage: simulate_damage NAME');
	}
	expect(asked).toEqual([]);
});
