import { logged } from '$lib/services/logged';
import { AppError } from '$lib/shared/app-error';
import { createLogger, type LogEntry } from '$lib/shared/logger';
import { thrownFacts } from '$lib/shared/thrown-facts';
import { expect, test } from 'vitest';

const listen = () => {
	const lines: LogEntry[] = [];
	return {
		lines,
		log: createLogger(
			'test',
			(line) => lines.push(line),
			() => 0
		)
	};
};

const createService = () => ({
	get latest() {
		return 'newest';
	},
	work: (text: string) =>
		text === 'bad'
			? Promise.reject(new AppError('storage-full', `No room for ${text}`))
			: Promise.resolve({ letters: text.length }),
	read: () => Promise.resolve('secret')
});

test('an action leaves its duration and the facts that were allowed', async () => {
	const { lines, log } = listen();
	const service = logged(createService(), log, {
		work: { says: 'work', facts: ({ letters }) => ({ letters }) },
		read: { says: 'reading', onlyFailures: true }
	});
	expect(await service.work('hello')).toEqual({ letters: 5 });
	expect(await service.read()).toBe('secret');
	expect(service.latest).toBe('newest');
	expect(lines).toEqual([
		{
			timeMs: 0,
			level: 'info',
			area: 'test',
			message: 'work',
			details: { tookMs: expect.any(Number) as number, letters: 5 }
		}
	]);
});

test('a failure is passed on, and its code stands in the log without its words', async () => {
	const { lines, log } = listen();
	const service = logged(createService(), log, { work: { says: 'work' } });
	await expect(service.work('bad')).rejects.toMatchObject({ code: 'storage-full' });
	expect(lines[0]).toMatchObject({ level: 'error', message: 'work: failed' });
	expect(lines[0]?.details).toMatchObject({ name: 'AppError', code: 'storage-full' });
	expect(JSON.stringify(lines)).not.toContain('No room');
});

test('a log that fails does not fail the action', async () => {
	const log = createLogger(
		'test',
		() => {
			throw new Error('full');
		},
		() => 0
	);
	const service = logged(createService(), log, { work: { says: 'work' } });
	expect(await service.work('hello')).toEqual({ letters: 5 });
});

test('what is said of an error is its name and place, never its message', () => {
	const readSecret = (): unknown => JSON.parse('The secret\n    at midnight (x:1:2)');
	try {
		readSecret();
		throw new Error('not reached');
	} catch (thrown) {
		const facts = thrownFacts(thrown);
		expect(facts.name).toBe('SyntaxError');
		expect(facts.place).toContain('readSecret');
		expect(JSON.stringify(facts)).not.toMatch(/secret"|The sec|midnight/);
	}
	expect(thrownFacts('a secret string')).toEqual({ name: 'string' });
	const odd = new TypeError('no');
	odd.stack = 'TypeError: no\n    at save (https://host.test/app.js?q=secret:1:2)';
	expect(thrownFacts(odd)).toEqual({ name: 'TypeError', place: 'save (app.js:1:2)' });
});

test.each(['input-invalid', 'note-missing', 'backup-missing'] as const)(
	'a wish that cannot be fulfilled (%s) is no error of the app',
	async (code) => {
		const { lines, log } = listen();
		const work = async () => Promise.reject(new AppError(code, 'There is no backup called x.'));
		await expect(logged({ work }, log, { work: { says: 'work' } }).work()).rejects.toThrow();
		expect(lines[0]).toMatchObject({ level: 'warning', message: 'work: refused' });
	}
);
