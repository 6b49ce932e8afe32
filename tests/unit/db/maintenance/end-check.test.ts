import { checkIntegrity } from '$lib/db/maintenance/check-integrity';
import type { Notebook } from '$lib/db/maintenance/notebook';
import type { IntegrityPart } from '$lib/domain/database-report';
import { createStopSignal, raiseStop } from '$lib/protocol/stop-signal';
import { beforeAll, expect, test, vi } from 'vitest';
import { fillNotebook, openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

let notebook: Notebook;

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('end-check');
	fillNotebook(notebook, { count: 1_500 });
}, 60_000);

/** These ask nothing of the thread between their first and their last page. */
const inOneGo: readonly IntegrityPart[] = ['structure', 'foreign-keys', 'full-text'];

test.each(inOneGo)(
	'the check of the %s ends in its midst, and nothing else is ended',
	async (part) => {
		let asked = 0;
		const pace = { breathe: async () => Promise.resolve(), isEnded: () => (asked += 1) > 3 };
		const check = checkIntegrity(notebook.database, [part], false, silent, pace);
		await expect(check).rejects.toMatchObject({ code: 'cancelled' });
		expect(asked).toBeGreaterThan(3);
		// The end is lifted with the check: saving goes on, and the next check is whole.
		fillNotebook(notebook, { count: 3, prefix: `${part}-` });
		expect(await checkIntegrity(notebook.database, [part], false)).toMatchObject([
			{ status: 'ok' }
		]);
	}
);

test('the page’s signal reaches a check that reads no messages', async () => {
	vi.stubGlobal('crossOriginIsolated', true);
	const signal = createStopSignal();
	vi.unstubAllGlobals();
	const other = await openInNode('signalled', false, signal);
	fillNotebook(other, { count: 20 });
	const raise = ({ done }: { done: number }): void => {
		if (done === 0) raiseStop(signal);
	};
	await expect(other.care.checkIntegrity(['structure'], false, raise)).rejects.toMatchObject({
		code: 'cancelled'
	});
	expect(await other.care.checkIntegrity(['structure'], false, silent)).toMatchObject([
		{ status: 'ok' }
	]);
});
