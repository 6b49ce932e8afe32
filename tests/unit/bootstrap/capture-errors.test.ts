import { captureErrors } from '$lib/bootstrap/capture-errors';
import { createLogger, type LogEntry } from '$lib/shared/logger';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

const startPage = () => {
	const page = new EventTarget();
	const entries: LogEntry[] = [];
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('document', new EventTarget());
	captureErrors(createLogger('page', (entry) => entries.push(entry), Date.now));
	const fail = (message: string, error?: Error): void => {
		const facts = { message, error, filename: 'https://notes.example/app.js?x=1', lineno: 7 };
		page.dispatchEvent(Object.assign(new Event('error'), facts));
	};
	return { entries, fail };
};

it('an error that nobody caught is in the log by name and place, without its words', () => {
	const { entries, fail } = startPage();
	fail('Uncaught RangeError: my diary', new RangeError('my diary'));
	fail('Script error.');
	expect(entries).toMatchObject([
		{ level: 'error', message: 'uncaught error', details: { name: 'RangeError' } },
		{ level: 'error', details: { place: 'https://notes.example/app.js:7' } }
	]);
	expect(JSON.stringify(entries)).not.toContain('diary');
});

it('a resize that waits for the next frame is no error of the day', () => {
	const { entries, fail } = startPage();
	fail('ResizeObserver loop completed with undelivered notifications.');
	expect(entries).toEqual([]);
});
