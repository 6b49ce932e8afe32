import { toVersionKey } from '$lib/domain/embedding-version';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestCore, type TestCore } from '../../../support/test-core';

/** A question, and a note that answers it without sharing a word with it. */
const pairs = [
	['how do I fix my bike', 'Bicycle repair', 'Mending a flat tyre and adjusting the brakes.'],
	['getting rid of ants', 'Pest control', 'Insects invading the kitchen can be kept out.'],
	['what should we eat tonight', 'Dinner ideas', 'Pasta with tomato sauce, a quick evening meal.'],
	['my head hurts', 'Migraine', 'Painkillers and a dark room help against the pain.'],
	[
		'save money for retirement',
		'Pension plan',
		'Investing a part of the salary in funds for old age.'
	],
	['train my puppy', 'Dog obedience', 'Teaching a young dog to sit and stay with treats.'],
	['cheap flights', 'Airfare', 'Booking plane tickets at a low price.'],
	['learn to play music', 'Piano lessons', 'Practising the instrument each day with a teacher.']
] as const;

const unrelated = [
	['Release checklist', 'We fix the version and get the changelog ready on Monday.'],
	['Head of department', 'My meeting with the head of department about the new office.'],
	['Garden', 'Water the roses, rid the lawn of weeds.'],
	['Chess openings', 'What white should play against the Sicilian.'],
	['Train timetable', 'The train to Zurich leaves at nine.'],
	['Database indexes', 'A covering index saves a look-up in the table.'],
	['Tax return', 'Documents needed by the end of March.'],
	['Photosynthesis', 'Plants turn light into chemical energy.'],
	['Roman history', 'Augustus became the first emperor.'],
	['Knitting', 'Cast on forty stitches for the scarf.'],
	['Car insurance', 'The policy number and the phone of the agent.'],
	['Weather', 'Rain all week, sunshine at the weekend.']
] as const;

describe('with the built-in model', () => {
	let core: TestCore;
	const worker = startEmbedWorker();
	afterAll(() => worker.terminate('the test is over'));

	beforeAll(async () => {
		installErrorTransfer();
		const { version } = await worker.api.loadModel({
			...{ modelId: 'use-lite', device: 'wasm', threads: 1, allowSoftwareAdapter: false },
			baseUrl: `${location.origin}/`
		});
		core = await createTestCore();
		for (const [, title, body] of pairs) core.create({ title, body });
		for (const [title, body] of unrelated) core.create({ title, body });
		core.indexing.activate(version);
		await core.vectorIndex.loaded();
		const key = toVersionKey(version);
		const batch = await core.indexing.claim(key, 100);
		const vectors = [];
		for (const { chunkId, hash, text } of batch) {
			vectors.push({ chunkId, hash, vector: await worker.api.embedQuery(text) });
		}
		await core.indexing.saveVectors(key, vectors);
	});

	test.each(pairs)('%j finds the note "%s", with which it shares no word', async (text, title) => {
		const vector = await worker.api.embedQuery(text);
		const { results } = core.search({ text, mode: 'hybrid', limit: 5, vector });
		expect(results[0]?.title).toBe(title);
	});
});
