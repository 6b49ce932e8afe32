import { createManage } from '$lib/commands/manage';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';
import { headingsOf, readGuide } from '../../support/guide';

const serverGuide = '../shared/reference/maintenance-guide-of-the-server-version.md';

test.skipIf(!existsSync(serverGuide))(
	'the guide has every heading of the server version’s, in its order (skipped where that is not at hand)',
	() => expect(headingsOf('docs/MAINTENANCE.md')).toEqual(headingsOf(serverGuide))
);

test('the guide names no command that the app does not have', async () => {
	const { data } = await createManage(fakeServices({}))('help');
	const names = (data as { commands: { name: string }[] }).commands.map(({ name }) => name);
	const used = readGuide().flatMap(({ commands }) => commands.map((line) => line.split(' ')[0]));
	expect(used.length).toBeGreaterThan(40);
	expect(used.filter((name) => !names.includes(name ?? ''))).toEqual([]);
});
