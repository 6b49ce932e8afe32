import { createCommands } from '$lib/bootstrap/load-commands';
import * as code from '$lib/commands/manage';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

test('commands whose code does not come say so, and the next line tries again', async () => {
	let asked = 0;
	const { manage, registry } = createCommands(fakeServices({}), async () => {
		asked += 1;
		if (asked === 1) throw new TypeError('Failed to fetch dynamically imported module');
		return code;
	});
	expect(registry.commands).toEqual([]);
	const first = await manage('help');
	expect(first.ok).toBe(false);
	expect(first.text).toMatch(/could not be loaded .*Nothing was done/);
	expect(await manage('help')).toMatchObject({ ok: true });
	expect(registry.find('help')).not.toBeNull();
	await manage('help');
	expect(asked).toBe(2);
});
