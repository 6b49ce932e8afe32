import { createManage } from '$lib/commands/manage';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';
import { headingsOf, readGuide } from '../../support/guide';

const serverGuide = '../shared/reference/maintenance-guide-of-the-server-version.md';

test.skipIf(!existsSync(serverGuide))(
	'the guide has every heading of the server version’s, in its order (skipped where that is not at hand)',
	() => expect(headingsOf('docs/MAINTENANCE.md')).toEqual(headingsOf(serverGuide))
);

const commandNames = async (): Promise<string[]> => {
	const { data } = await createManage(fakeServices({}))('help');
	return (data as { commands: { name: string }[] }).commands.map(({ name }) => name);
};

test('the guide names no command that the app does not have', async () => {
	const names = await commandNames();
	const used = readGuide().flatMap(({ commands }) => commands.map((line) => line.split(' ')[0]));
	expect(used.length).toBeGreaterThan(40);
	expect(used.filter((name) => !names.includes(name ?? ''))).toEqual([]);
});

test('the guide names every command that the app has, and those of the console page itself', async () => {
	const text = readFileSync('docs/MAINTENANCE.md', 'utf8');
	const isNamed = (name: string): boolean => new RegExp(`(\`|^ *)${name}(\`| |$)`, 'm').test(text);
	const names = [...(await commandNames()), 'clear', 'clear --history'];
	expect(names.filter((name) => !isNamed(name))).toEqual([]);
});
