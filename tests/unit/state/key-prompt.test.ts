import { createKeyPrompt } from '$lib/services/key-prompt';
import { KeyPromptState } from '$lib/state/key-prompt.svelte';
import { expect, test } from 'vitest';

const question = {
	kind: 'unlock',
	why: 'A backup is to be made.',
	need: 'passphrase',
	accept: async () => Promise.resolve()
} as const;

test('who waits for a passphrase is told when its dialog cannot be shown, and the next question wants it again', async () => {
	const prompt = createKeyPrompt();
	const state = new KeyPromptState(prompt);
	const asked = [prompt.ask(question), prompt.ask(question)];
	expect(state.wanted).toBe(true);
	state.forget();
	for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
	expect(state.wanted).toBe(false);
	expect(state.question).toBeNull();

	const later = prompt.ask(question);
	expect(state.wanted).toBe(true);
	await prompt.answer('secret');
	await later;
});
