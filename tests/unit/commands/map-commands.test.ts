import { createManage } from '$lib/commands/manage';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

test('note_map tells every place, and that it is a sample when it is one', async () => {
	const note = { id: 'n1', title: 'T', tags: [], x: 0.25, y: 0.75 };
	const map = { model: 'm', notes: [note], embedded: 12_000, wasKept: true };
	const run = async (isSample: boolean) =>
		createManage(
			fakeServices({ noteMaps: { load: async () => Promise.resolve({ ...map, isSample }) } })
		)('note_map');
	const answer = await run(true);
	expect((await run(false)).text).toBe('1 note on the map; kept from before.');
	expect(answer.data).toEqual({
		...{ model: 'm', embedded: 12_000, wasKept: true },
		points: [{ noteId: 'n1', title: 'T', x: 0.25, y: 0.75 }]
	});
	expect(answer.text).toBe('1 note on the map, a sample of 12,000; kept from before.');
});
