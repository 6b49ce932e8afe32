import { createManage } from '$lib/commands/manage';
import type { ModelUpgrade } from '$lib/domain/model-upgrade';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

test.each([
	['watch', 'delete_vectors old ends it and keeps new, use_model old goes back'],
	['decide', 'use_model new --yes ends it, use_model new --keep-old gives it up']
] as const)(
	'another model while a change is at "%s" names the commands and the page that end it',
	async (step, commands) => {
		const open = { step, from: 'old', to: 'new' } as ModelUpgrade;
		const upgrades = { load: () => Promise.resolve(open) };
		const answer = await createManage(fakeServices({ upgrades }))('use_model third');
		expect(answer.ok).toBe(false);
		expect(answer.text).toContain(commands);
		expect(answer.text).toContain('Maintenance, Models');
	}
);
